#include "press/sandbox/sandbox_channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace colport {
namespace {

constexpr int patience_milliseconds = 100;

Error gone() { return {Errc::io, "the other end is gone"}; }

/// Room for one descriptor beside a message.
union ControlBuffer {
    char bytes[CMSG_SPACE(sizeof(int))];
    cmsghdr aligned;
};

Descriptor descriptor_in(msghdr& message) {
    for (auto* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        int number = -1;
        std::memcpy(&number, CMSG_DATA(part), sizeof number);
        return Descriptor(number);
    }
    return Descriptor();
}

}  // namespace

Status SandboxChannel::wait_for(short events) {
    while (true) {
        pollfd wanted{socket_.get(), events, 0};
        const int ready = ::poll(&wanted, 1, keep_waiting_ ? patience_milliseconds : -1);
        if (ready > 0) return done();
        if (ready < 0 && errno != EINTR) return gone();
        if (keep_waiting_ && !keep_waiting_()) return Error{Errc::io, "waited in vain"};
    }
}

Status SandboxChannel::send(const google::protobuf::MessageLite& message, int descriptor) {
    const auto size = static_cast<std::uint32_t>(message.ByteSizeLong());
    std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
    message.AppendToString(&bytes);
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        iovec part{bytes.data() + sent, bytes.size() - sent};
        msghdr out{};
        out.msg_iov = &part;
        out.msg_iovlen = 1;
        ControlBuffer control{};
        if (descriptor >= 0 && sent == 0) {
            out.msg_control = control.bytes;
            out.msg_controllen = sizeof control.bytes;
            auto* header = CMSG_FIRSTHDR(&out);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(sizeof descriptor);
            std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
        }
        const auto now_sent = ::sendmsg(socket_.get(), &out, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (now_sent >= 0) sent += static_cast<std::size_t>(now_sent);
        else if (errno == EAGAIN) COLPORT_TRY(wait_for(POLLOUT));
        else if (errno != EINTR) return gone();
    }
    return done();
}

Status SandboxChannel::receive_exactly(char* out, std::size_t size, Descriptor* descriptor) {
    while (size > 0) {
        iovec part{out, size};
        msghdr in{};
        in.msg_iov = &part;
        in.msg_iovlen = 1;
        ControlBuffer control{};
        // Without room for it the kernel drops a descriptor that nobody wants.
        if (descriptor != nullptr) {
            in.msg_control = control.bytes;
            in.msg_controllen = sizeof control.bytes;
        }
        const auto got = ::recvmsg(socket_.get(), &in, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (got > 0) {
            if (descriptor != nullptr)
                if (auto came = descriptor_in(in)) *descriptor = std::move(came);
            out += got;
            size -= static_cast<std::size_t>(got);
        } else if (got == 0) {
            return gone();
        } else if (errno == EAGAIN) {
            COLPORT_TRY(wait_for(POLLIN));
        } else if (errno != EINTR) {
            return gone();
        }
    }
    return done();
}

Result<std::string> SandboxChannel::receive(std::size_t limit, Descriptor* descriptor) {
    std::uint32_t size = 0;
    COLPORT_TRY(receive_exactly(reinterpret_cast<char*>(&size), sizeof size, descriptor));
    if (size > limit) return Error{Errc::too_large, "a message over its limit"};
    std::string out(size, '\0');
    COLPORT_TRY(receive_exactly(out.data(), out.size(), nullptr));
    return out;
}

}  // namespace colport
