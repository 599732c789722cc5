#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// The canonical bytes of a message: fields in ascending order, no defaults.
inline std::string encode_message(const google::protobuf::MessageLite& message) {
    std::string out;
    google::protobuf::io::StringOutputStream stream(&out);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
    coded.Trim();
    return out;
}

/// Reads a message that was parse_message()d before, as its hash says, to `out`, which
/// may lie in an arena. Errors: corrupt, too_large.
inline Status read_known_message(Bytes bytes, std::size_t limit, const char* what,
                                 google::protobuf::MessageLite& out) {
    if (bytes.size() > limit)
        return Error{Errc::too_large, std::string(what) + " is over " + std::to_string(limit) +
                                          " bytes"};
    // A refusal is the caller's to tell; protobuf would tell it to stderr as well.
    const google::protobuf::LogSilencer silence;
    if (!out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return Error{Errc::corrupt, std::string("damaged ") + what};
    return done();
}

template <class Message>
Result<Message> parse_known_message(Bytes bytes, std::size_t limit, const char* what) {
    Message out;
    COLPORT_TRY(read_known_message(bytes, limit, what, out));
    return out;
}

/// Reads a message, refusing more than `limit` bytes and every encoding other
/// than the canonical one. `what` names it in errors: corrupt, too_large.
inline Status read_message(Bytes bytes, std::size_t limit, const char* what,
                           google::protobuf::MessageLite& out) {
    COLPORT_TRY(read_known_message(bytes, limit, what, out));
    if (encode_message(out) != bytes)
        return Error{Errc::corrupt, std::string("damaged ") + what};
    return done();
}

template <class Message>
Result<Message> parse_message(Bytes bytes, std::size_t limit, const char* what) {
    Message out;
    COLPORT_TRY(read_message(bytes, limit, what, out));
    return out;
}

}  // namespace colport
