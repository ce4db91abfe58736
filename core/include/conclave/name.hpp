#pragma once

// Names that cannot be mistaken for one another. A name is bytes; text means its UTF-8. Plain
// values.

#include <string>
#include <string_view>
#include <utility>

namespace conclave {

/// A name of one kind of thing: a byte string, compared byte by byte.
///
/// Limits:  empty means none, and is refused wherever something is to be named. Any other is accepted,
///          zero bytes too, as far as its backend can store it; docs/drivers tells which are refused.
template <class Tag>
class Name {
public:
    Name() = default;  ///< empty
    Name(std::string bytes) : bytes_(std::move(bytes)) {}
    Name(std::string_view bytes) : bytes_(bytes) {}
    Name(const char* text) : bytes_(text) {}

    const std::string& bytes() const noexcept { return bytes_; }
    bool empty() const noexcept { return bytes_.empty(); }

    friend bool operator==(const Name&, const Name&) = default;
    friend auto operator<=>(const Name&, const Name&) = default;

private:
    std::string bytes_;
};

/// Of a group, which is also what is led in an election; shared by all clients of a backend.
using GroupId = Name<struct GroupIdTag>;
/// Of a client; no two running clients of a backend may have the same.
using MemberId = Name<struct MemberIdTag>;
/// Of a lock; shared by all clients of a backend.
using LockName = Name<struct LockNameTag>;

}  // namespace conclave
