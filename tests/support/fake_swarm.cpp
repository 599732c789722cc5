#include "support/fake_swarm.h"

#include <algorithm>
#include <fstream>

#include "core/limits.h"
#include "metainfo/info_dictionary.h"

namespace colport::test {

namespace fs = std::filesystem;

class FakeSwarm : public Swarm {
public:
    FakeSwarm(FakeNetwork& network, std::string address, SwarmSink sink)
        : network_(network), address_(std::move(address)), sink_(std::move(sink)) {
        const std::lock_guard lock(network_.mutex_);
        network_.swarms_[address_] = this;
        sink_(Listening{address_});
    }

    ~FakeSwarm() override {
        const std::lock_guard lock(network_.mutex_);
        while (!links_.empty()) hang_up(links_.begin()->first);
        network_.swarms_.erase(address_);
    }

    Status add(const TorrentRequest& request) override {
        const std::lock_guard lock(network_.mutex_);
        const auto hash = info_hash(request.info);
        if (torrents_.contains(hash)) return Error{Errc::exists, "added already"};
        torrents_[hash] = request;
        sink_(TorrentReady{hash});
        for (const auto& peer : request.peers) connect(hash, peer);
        return done();
    }

    void remove(const InfoHash& torrent) override {
        const std::lock_guard lock(network_.mutex_);
        torrents_.erase(torrent);
        for (auto link = links_.begin(); link != links_.end();) {
            const auto number = link->first;
            const bool gone = link->second.door == torrent;
            ++link;
            if (gone) hang_up(number);
        }
    }

    void connect(const InfoHash& torrent, const std::string& address) override {
        const std::lock_guard lock(network_.mutex_);
        const auto other = network_.swarms_.find(address);
        if (other == network_.swarms_.end() || other->second == this) return;
        const auto own = torrents_.find(torrent);
        const auto theirs = other->second->torrents_.find(torrent);
        if (own == torrents_.end() || theirs == other->second->torrents_.end()) return;
        if (own->second.door) meet(torrent, *other->second);
        else fetch(own->second, theirs->second);
    }

    void hang_up(const InfoHash& torrent) override {
        const std::lock_guard lock(network_.mutex_);
        for (auto link = links_.begin(); link != links_.end();) {
            const auto number = link->first;
            const bool here = link->second.door == torrent;
            ++link;
            if (here) hang_up(number);
        }
    }

    void set_urgency(const InfoHash& torrent, const std::vector<Urgency>& files) override {
        const std::lock_guard lock(network_.mutex_);
        const auto own = torrents_.find(torrent);
        if (own == torrents_.end()) return;
        own->second.files = files;
        const auto peers = own->second.peers;
        for (const auto& peer : peers) connect(torrent, peer);
    }

    void add_pieces(const InfoHash& torrent, std::size_t first, std::string bytes) override {
        const std::lock_guard lock(network_.mutex_);
        const auto own = torrents_.find(torrent);
        if (own == torrents_.end()) return;
        auto& request = own->second;
        const auto info = parse_info_dictionary(request.info);
        if (!info || info->pieces.compare(20 * first, 20 * bytes.size() / limits::piece_length,
                                          hash_pieces_of(bytes)) != 0)
            return;
        std::size_t piece = 0;
        for (const auto& file : info->files) {
            const auto count = pieces_of(file.size);
            if (first >= piece && first < piece + count) {
                const auto path = request.save_path / volume_name(info->volume) / file.name;
                fs::create_directories(path.parent_path());
                std::ofstream(path, std::ios::app | std::ios::binary)
                    << bytes.substr(0, file.size - (first - piece) * limits::piece_length);
                if (fs::file_size(path) == file.size) sink_(FileCompleted{torrent, file.name});
            }
            piece += count;
        }
    }

    void send(PeerNumber peer, std::string message) override {
        const std::lock_guard lock(network_.mutex_);
        const auto link = links_.find(peer);
        if (link == links_.end()) return;
        if (network_.tamper_ && !network_.tamper_(address_, message)) return;
        link->second.other->sink_(PeerMessage{link->second.door, link->second.number, message});
    }

    void ban(PeerNumber peer, const std::string&) override {
        const std::lock_guard lock(network_.mutex_);
        ++network_.bans;
        const auto link = links_.find(peer);
        if (link == links_.end()) return;
        banned_.insert(link->second.other->address_);
        hang_up(peer);
    }

    void find_item(const PublicKey& key, const std::string& salt) override {
        const std::lock_guard lock(network_.mutex_);
        const auto found = network_.items.find({key, salt});
        const bool there = network_.dht && found != network_.items.end();
        if (there) sink_(ItemFound{found->second});
        sink_(ItemLookedUp{key, salt, there});
    }

    void put_item(const MutableItem& item) override {
        const std::lock_guard lock(network_.mutex_);
        int nodes = 0;
        if (network_.dht && verify(item)) {
            auto& held = network_.items.try_emplace({item.key, item.salt}, item).first->second;
            if (held.seq >= item.seq && held.value != item.value) sink_(ItemFound{held});
            if (held.seq <= item.seq) nodes = 8;
            if (held.seq < item.seq) held = item;
        }
        sink_(ItemPut{item.key, item.salt, item.seq, nodes});
    }

    void request_dht_nodes() override {
        const std::lock_guard lock(network_.mutex_);
        DhtNodes out;
        for (const auto& [address, swarm] : network_.swarms_)
            if (network_.dht && swarm != this) out.addresses.push_back(address);
        sink_(out);
    }

    void request_stats() override { const std::lock_guard lock(network_.mutex_); }

    void set_limits(std::int64_t upload, std::int64_t download) override {
        const std::lock_guard lock(network_.mutex_);
        network_.limits[address_] = {upload, download};
    }

    void fail_torrents() {
        for (const auto& [hash, request] : torrents_)
            if (!request.door) sink_(TorrentFailed{hash, "no space left"});
    }

private:
    struct Link {
        InfoHash door;
        FakeSwarm* other;
        PeerNumber number;   ///< of this side, at the other
    };

    void meet(const InfoHash& door, FakeSwarm& other) {
        if (banned_.contains(other.address_) || other.banned_.contains(address_)) return;
        for (const auto& [number, link] : links_)
            if (link.door == door && link.other == &other) return;
        const auto here = network_.next_++, there = network_.next_++;
        links_[here] = {door, &other, there};
        other.links_[there] = {door, this, here};
        sink_(PeerJoined{door, here, other.address_});
        other.sink_(PeerJoined{door, there, address_});
    }

    void hang_up(PeerNumber number) {
        const auto link = links_.at(number);
        links_.erase(number);
        sink_(PeerLeft{link.door, number});
        link.other->links_.erase(link.number);
        link.other->sink_(PeerLeft{link.door, link.number});
    }

    /// Copies what the other has and we lack.
    void fetch(TorrentRequest& own, const TorrentRequest& theirs) {
        const auto info = parse_info_dictionary(own.info);
        if (!info) return;
        std::size_t piece = 0, index = 0;
        for (const auto& file : info->files) {
            const auto urgency = own.files.empty() ? Urgency::later : own.files[index++];
            const auto count = pieces_of(file.size);
            const auto path = fs::path(volume_name(info->volume)) / file.name;
            const bool held = own.have.size() > piece && own.have[piece];
            piece += count;
            if (held || urgency == Urgency::never || network_.withheld_.contains(file.name) ||
                !fs::exists(theirs.save_path / path) ||
                fs::file_size(theirs.save_path / path) != file.size)
                continue;
            fs::create_directories((own.save_path / path).parent_path());
            fs::copy_file(theirs.save_path / path, own.save_path / path,
                          fs::copy_options::overwrite_existing);
            own.have.resize(std::max(own.have.size(), piece));
            std::fill(own.have.begin() + static_cast<long>(piece - count),
                      own.have.begin() + static_cast<long>(piece), true);
            network_.files_fetched.insert(address_ + " " + file.name);
            network_.fetch_order.push_back(address_ + " " + file.name);
            sink_(FileCompleted{info_hash(own.info), file.name});
        }
    }

    FakeNetwork& network_;
    const std::string address_;
    const SwarmSink sink_;
    std::map<InfoHash, TorrentRequest> torrents_;
    std::map<PeerNumber, Link> links_;
    std::set<std::string> banned_;
};

void FakeNetwork::fail_torrents(const std::string& address) {
    const std::lock_guard lock(mutex_);
    swarms_.at(address)->fail_torrents();
}

void FakeNetwork::forget_fetches() {
    const std::lock_guard lock(mutex_);
    fetch_order.clear();
}

void FakeNetwork::withhold_files(std::set<std::string> names) {
    const std::lock_guard lock(mutex_);
    withheld_ = std::move(names);
}

void FakeNetwork::tamper_with(Tamper tamper) {
    const std::lock_guard lock(mutex_);
    tamper_ = std::move(tamper);
}

std::unique_ptr<Swarm> FakeNetwork::make(const std::string& address, SwarmSink sink) {
    return std::make_unique<FakeSwarm>(*this, address, std::move(sink));
}

}  // namespace colport::test
