#include "press/workshop.h"

#include <fmt/format.h>

#include "core/key_file.h"
#include "core/limits.h"
#include "core/minisign.h"
#include "feed/door.h"
#include "feed/files.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

std::string readme(const std::string& name) {
    return fmt::format(
        "These are articles of \"{}\", signed and compressed.\n"
        "\n"
        "To read them, install Colport and run\n"
        "\n"
        "    colport follow THIS-FOLDER\n"
        "\n"
        "Then their texts are on your own computer, searchable without a network.\n"
        "To stay up to date, follow the link in link.txt instead.\n"
        "Copying this folder and handing it on is welcome: a changed copy is refused\n"
        "by every reader, so nobody can put words into it.\n",
        name);
}

pb::Keyring first_keyring(const PublicKey& feed, const PublicKey& signing,
                          const InitOptions& options, std::int64_t now) {
    pb::Keyring out;
    out.set_format(1);
    out.set_feed(feed.str());
    out.set_version(1);
    out.set_time(now);
    out.set_name(options.name);
    out.set_language(options.language);
    out.set_homepage(options.homepage);
    out.add_signing()->set_key(signing.str());
    return out;
}

Status check_options(const InitOptions& options) {
    if (options.name.empty() || options.name.size() > limits::feed_name || !is_text(options.name))
        return Error{Errc::invalid, "the feed's name must be 1 to 200 bytes of UTF-8"};
    if (!is_text(options.language) || options.language.size() > 35)
        return Error{Errc::invalid, "the language must be a BCP 47 tag, such as ru or zh-Hans"};
    return done();
}

Status fill(const Workshop& workshop, const fs::path& root_keys, const InitOptions& options,
            const SigningKey& root, const SigningKey& signing, const Secret& passphrase,
            std::int64_t now) {
    const auto feed = workshop.feed();
    for (const auto& folder : {workshop.keys(), workshop.drafts(), workshop.pictures()})
        COLPORT_TRY(make_directory(folder, 0700));
    COLPORT_TRY(make_directory(feed.root / "signing"));
    COLPORT_TRY(make_directory(feed.volumes()));
    COLPORT_TRY(make_directory(root_keys, 0700));
    COLPORT_TRY(write_file(workshop.signing_key(),
                           key_file::seal(signing, "signing", passphrase), 0600));
    COLPORT_TRY(write_file(feed.key(), minisign::public_key_file(root.public_key())));
    COLPORT_TRY(write_file(feed.signing_key(signing.public_key()),
                           minisign::public_key_file(signing.public_key())));
    const SigningKey* roots[] = {&root};
    COLPORT_TRY(write_file(
        feed.keyring(),
        sign_keyring(first_keyring(root.public_key(), signing.public_key(), options, now), roots)));
    COLPORT_TRY(write_file(feed.root / "README.txt", readme(options.name)));
    COLPORT_TRY(save_link(workshop, {root.public_key(), options.name, options.trackers,
                                     options.mirrors, options.peers}));
    return write_file(root_keys / "root.key", key_file::seal(root, "root", passphrase), 0600);
}

}  // namespace

Result<SignedRecords> Workshop::records(std::int64_t now) const {
    std::error_code ignored;
    if (!fs::exists(feed().key(), ignored))
        return Error{Errc::not_found, fmt::format("no feed in {}", root.string()),
                     fmt::format("make one: colport-press init {} --name NAME", root.string())};
    return load_records(feed(), now);
}

Result<PublicKey> init_workshop(const Workshop& workshop, const InitOptions& options,
                                const Secret& passphrase, std::int64_t now) {
    COLPORT_TRY(check_options(options));
    std::error_code error;
    if (fs::exists(workshop.root, error) && !fs::is_empty(workshop.root, error))
        return Error{Errc::exists, fmt::format("{} is not empty", workshop.root.string()),
                     "name a folder that does not exist yet"};
    const bool keys_elsewhere = !options.root_keys.empty();
    if (keys_elsewhere && fs::exists(options.root_keys / "root.key", error))
        return Error{Errc::exists,
                     fmt::format("{} exists", (options.root_keys / "root.key").string()),
                     "a root key is never overwritten: name another folder"};

    auto target = fs::absolute(workshop.root).lexically_normal();
    if (!target.has_filename()) target = target.parent_path();
    const Workshop fresh{target.string() + ".new"};
    fs::remove_all(fresh.root, error);
    const auto root = SigningKey::generate();
    const auto signing = SigningKey::generate();
    auto filled = fill(fresh, keys_elsewhere ? options.root_keys : fresh.keys(), options, root,
                       signing, passphrase, now);
    if (filled) {
        fs::remove(target, error);
        fs::rename(fresh.root, target, error);
        if (error)
            filled = Error{Errc::io, fmt::format("cannot make {}: {}", target.string(),
                                                 error.message())};
    }
    if (!filled) {
        std::error_code ignored;
        fs::remove_all(fresh.root, ignored);
        if (keys_elsewhere) fs::remove(options.root_keys / "root.key", ignored);
        return std::move(filled).error();
    }
    COLPORT_TRY(sync_file(target.parent_path()));
    return root.public_key();
}

Result<SigningKey> load_signing_key(const Workshop& workshop, const AskPassphrase& ask) {
    const auto path = workshop.signing_key();
    const auto file = COLPORT_TRY(read_file(path, 4096));
    if ((COLPORT_TRY(mode_of(path)) & 077) != 0)
        return Error{Errc::denied, fmt::format("{} can be read by others", path.string()),
                     fmt::format("chmod 600 {}", path.string())};
    Secret passphrase(0);
    if (key_file::needs_passphrase(file))
        passphrase = COLPORT_TRY(ask("passphrase of the signing key"));
    auto key = key_file::open(file, "signing", passphrase);
    if (!key) return std::move(key).error().in(path.string());
    return key;
}

Result<Link> load_link(const Workshop& workshop) {
    const auto path = workshop.feed().link();
    const auto text = COLPORT_TRY(read_file(path, limits::link));
    auto link = parse_link(text);
    if (!link) return std::move(link).error().in(path.string());
    return link;
}

Status save_link(const Workshop& workshop, const Link& link) {
    return write_file(workshop.feed().link(), to_string(link) + "\n");
}

}  // namespace colport
