#pragma once

// Where everything lies below the folder of the URL: locks and groups where tooz has them, and in
// `.conclave` what tooz lacks. Values only.
// In our own layout locks lie there too: their names are escaped, which tells any two apart, and
// cut into folders where a file system wants shorter ones.
//
// Source: tooz drivers/file.py, FileDriver.__init__, get_lock and _make_filesystem_safe.

#include <string>
#include <string_view>

#include "file_options.hpp"

namespace conclave::file {

class Names {
public:
    explicit Names(std::string folder, Layout layout = Layout::tooz)
        : folder_(std::move(folder)), layout_(layout) {}

    const std::string& folder() const noexcept { return folder_; }
    std::string groups() const { return folder_ + "/groups"; }
    std::string temporaries() const { return folder_ + "/tmp"; }
    std::string driver_lock() const { return folder_ + "/.driver_lock"; }
    std::string fences() const { return folder_ + "/.conclave/fences"; }
    std::string leaders() const { return folder_ + "/.conclave/leaders"; }

    /// The file that is locked for the lock `name`: as tooz spells it, the name itself below the
    /// folder, with its slashes. Errors: no effect - Error for a name that would lead out of the
    /// folder or to a file of another kind (tooz lets some of them through). In our layout any name
    /// of 1 to 1024 bytes has a file; Error for others.
    std::string lock(const std::string& name) const;
    /// Ours: the fencing counter of a lock.
    std::string fence(const std::string& name) const;
    /// Ours: the file that is locked by who leads `group`, and the counter with the leader's id.
    std::string leader(const std::string& group) const { return leaders() + "/" + hashed(group); }
    std::string leader_fence(const std::string& group) const { return leader(group) + ".fence"; }

    std::string group(const std::string& group) const { return groups() + "/" + hashed(group); }
    std::string metadata(const std::string& group) const {
        return this->group(group) + "/.metadata";
    }
    std::string member(const std::string& group, const std::string& member) const {
        return this->group(group) + "/" + hashed(member) + std::string(member_suffix);
    }

    static constexpr std::string_view member_suffix = ".raw";
    /// SHA-1 in hex digits, as tooz names groups and members.
    static std::string hashed(const std::string& text);

private:
    std::string folder_;
    Layout layout_;
};

}  // namespace conclave::file
