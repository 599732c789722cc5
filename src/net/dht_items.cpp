#include "net/dht_items.h"

#include <algorithm>
#include <libtorrent/alert_types.hpp>
#include <libtorrent/bdecode.hpp>
#include <libtorrent/bencode.hpp>
#include <libtorrent/entry.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/settings_pack.hpp>

#include "core/append_new.h"
#include "core/limits.h"
#include "net/session_settings.h"

namespace colport {
namespace {

// A lookup over slow nodes takes half a minute; one that takes this long was forgotten.
constexpr auto task_time = std::chrono::seconds(90);
// A DHT that is not entered by then may still be entered by a lookup.
constexpr auto entering_time = std::chrono::seconds(30);
// Each asks dozens of nodes; a capped connection loses the answers to more.
constexpr std::ptrdiff_t most_running = 8;
// Enough to enter by in years to come, when most of them are gone.
constexpr std::size_t most_nodes = 200;

std::string bytes_of(const lt::entry& value) {
    std::string out;
    lt::bencode(std::back_inserter(out), value);
    return out;
}

/// The value decoded, if it is one that encodes to the same bytes again.
std::optional<lt::entry> decoded(const std::string& value) {
    lt::error_code error;
    const auto node = lt::bdecode(value, error);
    if (error) return std::nullopt;
    lt::entry out = node;
    if (bytes_of(out) != value) return std::nullopt;
    return out;
}

/// What a node sent, if it keeps BEP 44. libtorrent checked the signature of the
/// bytes as sent, which may be others than the canonical ones, or too many.
std::optional<MutableItem> item_of(Bytes key, Bytes salt, std::int64_t seq, Bytes signature,
                                   const lt::entry& value) {
    if (value.type() == lt::entry::undefined_t || seq < 0) return std::nullopt;
    MutableItem out{*PublicKey::from(key), std::string(salt), static_cast<std::uint64_t>(seq),
                    *Signature::from(signature), bytes_of(value)};
    if (!verify(out)) return std::nullopt;
    return out;
}

template <std::size_t N>
Bytes view(const std::array<char, N>& bytes) {
    return {bytes.data(), N};
}

template <class Fixed>
std::array<char, Fixed::size> array_of(const Fixed& bytes) {
    std::array<char, Fixed::size> out;
    std::copy_n(bytes.view().data(), Fixed::size, out.data());
    return out;
}

}  // namespace

DhtItems::DhtItems(lt::session& session, std::shared_ptr<Gate> gate, const SwarmSettings& settings)
    : session_(session),
      gate_(std::move(gate)),
      on_(has_dht(settings)),
      private_(has_private_dht(settings)),
      nodes_before_(settings.dht_nodes),
      begin_(Clock::now() + entering_time) {}

void DhtItems::find(const PublicKey& key, const std::string& salt) {
    COLPORT_ASSERT(salt.size() <= limits::item_salt);
    ask({false, {key, salt, 0, {}, {}}});
}

void DhtItems::put(const MutableItem& item) { ask({true, item}); }

void DhtItems::ask(Task task) {
    const std::lock_guard lock(asked_mutex_);
    asked_.push_back(std::move(task));
}

void DhtItems::request_nodes() {
    const std::lock_guard lock(asked_mutex_);
    nodes_asked_ = true;
}

bool DhtItems::handle(const lt::alert& alert) {
    if (const auto* item = lt::alert_cast<lt::dht_mutable_item_alert>(&alert)) {
        on_item(*item);
    } else if (const auto* put = lt::alert_cast<lt::dht_put_alert>(&alert)) {
        on_put(*put);
    } else if (lt::alert_cast<lt::dht_bootstrap_alert>(&alert) != nullptr) {
        begin_.reset();
    } else {
        const auto* up = lt::alert_cast<lt::listen_succeeded_alert>(&alert);
        if (up != nullptr && up->socket_type == lt::socket_type_t::utp) enter();
        return false;
    }
    return true;
}

void DhtItems::enter() {
    if (!on_ || std::exchange(entered_, true)) return;
    lt::settings_pack pack;
    pack.set_bool(lt::settings_pack::enable_dht, true);
    session_.apply_settings(std::move(pack));
}

bool DhtItems::work() {
    bool nodes_wanted = false;
    Tasks asked;
    {
        const std::lock_guard lock(asked_mutex_);
        nodes_wanted = std::exchange(nodes_asked_, false);
        asked.swap(asked_);
    }
    for (auto task = asked.begin(); task != asked.end();) {
        const auto next = std::next(task);
        tasks_.splice(tasks_.end(), asked, task);
        if (!on_ || (task->put && !(verify(task->item) && decoded(task->item.value))))
            end(task, 0);
        task = next;
    }
    if (nodes_wanted) gate_->pass(nodes());

    const auto now = Clock::now();
    for (auto task = tasks_.begin(); task != tasks_.end();)
        task = task->deadline && *task->deadline < now ? end(task, 0) : std::next(task);
    if (begin_ && now >= *begin_) begin_.reset();
    if (begin_) return !tasks_.empty();
    auto room = most_running - std::count_if(tasks_.begin(), tasks_.end(), [](const auto& task) {
                    return task.deadline.has_value();
                });
    for (auto& task : tasks_) {
        if (room <= 0) break;
        if (task.deadline ||
            running(task.put, task.item.key.view(), task.item.salt) != tasks_.end())
            continue;
        task.deadline = now + task_time;
        start(task);
        --room;
    }
    return !tasks_.empty();
}

DhtItems::Tasks::iterator DhtItems::running(bool put, Bytes key, Bytes salt) {
    return std::find_if(tasks_.begin(), tasks_.end(), [&](const auto& task) {
        return task.deadline && task.put == put && task.item.key.view() == key &&
               task.item.salt == salt;
    });
}

void DhtItems::start(Task& task) {
    const auto key = array_of(task.item.key);
    if (!task.put) return session_.dht_get_item(key, task.item.salt);
    // On the network thread, when all nodes near have said what they hold.
    const auto decide = [gate = gate_, item = task.item, outdone = task.outdone](
                            lt::entry& value, std::array<char, 64>& signature, std::int64_t& seq,
                            const std::string& salt) {
        const auto held = item_of(item.key.view(), salt, seq, view(signature), value);
        // Another value at the same seq is a fork, which its owner wants to see.
        if (held && held->seq >= item.seq && held->value != item.value)
            gate->pass(ItemFound{*held});
        if (held && held->seq > item.seq) {
            *outdone = true;
            return;
        }
        value = *decoded(item.value);
        signature = array_of(item.signature);
        seq = static_cast<std::int64_t>(item.seq);
    };
    session_.dht_put_item(key, decide, task.item.salt);
}

DhtItems::Tasks::iterator DhtItems::end(Tasks::iterator task, int nodes) {
    const auto& item = task->item;
    if (task->put) gate_->pass(ItemPut{item.key, item.salt, item.seq, nodes});
    else gate_->pass(ItemLookedUp{item.key, item.salt, !task->reported.empty()});
    return tasks_.erase(task);
}

void DhtItems::on_item(const lt::dht_mutable_item_alert& alert) {
    const auto task = running(false, view(alert.key), alert.salt);
    if (task == tasks_.end()) return;
    const auto item =
        item_of(view(alert.key), alert.salt, alert.seq, view(alert.signature), alert.item);
    auto& reported = task->reported;
    if (item && std::find(reported.begin(), reported.end(), item->signature) == reported.end()) {
        reported.push_back(item->signature);
        gate_->pass(ItemFound{*item});
    }
    if (alert.authoritative) end(task, 0);
}

void DhtItems::on_put(const lt::dht_put_alert& alert) {
    const auto task = running(true, view(alert.public_key), alert.salt);
    if (task != tasks_.end()) end(task, *task->outdone ? 0 : alert.num_success);
}

DhtNodes DhtItems::nodes() const {
    DhtNodes out;
    const auto add = [&out](std::string address) {
        if (out.addresses.size() < most_nodes) append_new(out.addresses, std::move(address));
    };
    const auto state = session_.session_state(lt::session::save_dht_state).dht_state;
    for (const auto* list : {&state.nodes, &state.nodes6})
        for (const auto& node : *list)
            // One that another node named: it would make the DHT of the next start a private one.
            if (private_ || !node.address().is_loopback())
                add(to_string(lt::tcp::endpoint(node.address(), node.port())));
    // Where the DHT is out of reach today, yesterday's nodes are all there is.
    for (const auto& address : nodes_before_) add(address);
    return out;
}

}  // namespace colport
