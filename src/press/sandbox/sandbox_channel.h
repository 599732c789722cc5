#pragma once

#include <google/protobuf/message_lite.h>

#include <functional>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "feed/descriptor.h"

namespace colport {

/// Messages over one end of a stream socket: four bytes of length, then the
/// message. The other end is trusted with nothing: not to send what it should, and
/// not to read what it is sent.
class SandboxChannel {
public:
    /// Asked some ten times a second while the other end is silent; false gives up.
    using KeepWaiting = std::function<bool()>;

    explicit SandboxChannel(Descriptor socket) : socket_(std::move(socket)) {}
    void set_patience(KeepWaiting keep_waiting) { keep_waiting_ = std::move(keep_waiting); }

    /// Sends `descriptor` along when it is not negative. Errors: io (the other end
    /// is gone, or patience is).
    Status send(const google::protobuf::MessageLite& message, int descriptor = -1);
    /// At most `limit` bytes; what came with them is put into `descriptor`, when one
    /// is wanted. Errors: io, as above; too_large.
    Result<std::string> receive(std::size_t limit, Descriptor* descriptor = nullptr);

private:
    Status wait_for(short events);
    Status receive_exactly(char* out, std::size_t size, Descriptor* descriptor);

    Descriptor socket_;
    KeepWaiting keep_waiting_;
};

}  // namespace colport
