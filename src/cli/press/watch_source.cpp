#include "cli/press/watch_source.h"

#include "cli/press/page_fetcher.h"
#include "cli/press/wait_for_lock.h"
#include "cli/terminal.h"
#include "press/intake/intake.h"

namespace colport::cli {
namespace {

using Clock = std::chrono::steady_clock;

class IntakeReader : public SourceReader {
public:
    explicit IntakeReader(const SourceReaderSettings& settings) : settings_(settings) {}

    Status start() {
        PageFetcherSettings fetcher;
        if (!settings_.proxy.empty()) fetcher.proxy = COLPORT_TRY(parse_proxy(settings_.proxy));
        fetcher.gives_up = [this] { return !has_time(); };
        fetch_ = COLPORT_TRY(make_page_fetcher(fetcher));
        return done();
    }

    Result<AddReport> read(const Workshop& workshop, const WatchedSource& source) override {
        const auto lock = COLPORT_TRY(lock_workshop(workshop));
        workshop_ = workshop;
        end_ = Clock::now() + settings_.fetch_for;
        const auto state = COLPORT_TRY(workshop.records());
        const auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
        IntakeOptions options;
        options.import.language = state.keyring.message().language();
        options.import.now = now();
        options.full_text = source.full_text;
        options.fetch = fetch_;
        options.has_time = [this] { return has_time(); };
        options.hosts = source.hosts;
        if (const auto& home = state.keyring.message().homepage(); !home.empty())
            options.hosts.push_back(home);
        auto intake =
            COLPORT_TRY(Intake::open(workshop, state.feed, published, std::move(options)));
        if (auto added = intake.add(source.source, [](std::size_t, std::size_t) {}); !added) {
            // What came before the error stays.
            COLPORT_TRY(intake.save());
            return std::move(added).error();
        }
        auto report = COLPORT_TRY(intake.finish());
        for (const auto& name : report.missing)
            report.warnings.push_back(name + ": gone from " + source.source);
        return AddReport(std::move(report));
    }

private:
    [[nodiscard]] bool has_time() const {
        return Clock::now() < end_ && !settings_.stops() && !is_waited_for(workshop_);
    }

    SourceReaderSettings settings_;
    FetchPage fetch_;
    Workshop workshop_;
    Clock::time_point end_;
};

}  // namespace

Result<std::unique_ptr<SourceReader>> SourceReader::start(const SourceReaderSettings& settings) {
    auto out = std::make_unique<IntakeReader>(settings);
    COLPORT_TRY(out->start());
    return std::unique_ptr<SourceReader>(std::move(out));
}

}  // namespace colport::cli
