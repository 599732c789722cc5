#include "cli/press/watch_source.h"

#include "cli/press/page_fetcher.h"
#include "cli/terminal.h"
#include "press/intake/intake.h"

namespace colport::cli {
namespace {

class IntakeReader : public SourceReader {
public:
    explicit IntakeReader(FetchPage fetch) : fetch_(std::move(fetch)) {}

    Result<AddReport> read(const Workshop& workshop, const std::string& source,
                           bool full_text) override {
        const auto lock = COLPORT_TRY(lock_workshop(workshop));
        const auto state = COLPORT_TRY(workshop.records());
        const auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
        IntakeOptions options;
        options.import.language = state.keyring.message().language();
        options.import.now = now();
        options.full_text = full_text;
        options.fetch = fetch_;
        if (const auto& home = state.keyring.message().homepage(); !home.empty())
            options.hosts.push_back(home);
        auto intake =
            COLPORT_TRY(Intake::open(workshop, state.feed, published, std::move(options)));
        COLPORT_TRY(intake.add(source, [](std::size_t, std::size_t) {}));
        auto report = COLPORT_TRY(intake.finish());
        for (const auto& name : report.missing)
            report.warnings.push_back(name + ": gone from " + source);
        return AddReport(std::move(report));
    }

private:
    FetchPage fetch_;
};

}  // namespace

Result<std::unique_ptr<SourceReader>> SourceReader::start(const std::string& proxy) {
    PageFetcherSettings settings;
    if (!proxy.empty()) settings.proxy = COLPORT_TRY(parse_proxy(proxy));
    return std::unique_ptr<SourceReader>(
        std::make_unique<IntakeReader>(COLPORT_TRY(make_page_fetcher(settings))));
}

}  // namespace colport::cli
