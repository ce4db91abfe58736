#pragma once

// Names that cannot be mistaken for one another. A name is bytes; text means its UTF-8. Plain
// values.

#include <string>
#include <string_view>
#include <utility>

namespace conclave {

template <class Tag>
class Name {
public:
    Name() = default;
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

using GroupId = Name<struct GroupIdTag>;
using MemberId = Name<struct MemberIdTag>;
using LockName = Name<struct LockNameTag>;

}  // namespace conclave
