#include "file_system.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "conclave/url.hpp"

namespace conclave::tool {

namespace {

struct Kind {
    unsigned long magic;
    const char* name;
    bool on_this_machine;
};

// Those that linux/magic.h lacks are in statfs(2).
constexpr std::array kinds = {Kind{EXT4_SUPER_MAGIC, "ext2, ext3 or ext4", true},
                              Kind{0x58465342, "xfs", true},
                              Kind{BTRFS_SUPER_MAGIC, "btrfs", true},
                              Kind{TMPFS_MAGIC, "tmpfs, whose files end with the machine", true},
                              Kind{0x2fc12fc1, "zfs", true},
                              Kind{OVERLAYFS_SUPER_MAGIC, "overlayfs", true},
                              Kind{F2FS_SUPER_MAGIC, "f2fs", true},
                              Kind{NFS_SUPER_MAGIC, "NFS", false},
                              Kind{SMB_SUPER_MAGIC, "SMB", false},
                              Kind{SMB2_SUPER_MAGIC, "SMB", false},
                              Kind{CIFS_SUPER_MAGIC, "SMB", false},
                              Kind{CEPH_SUPER_MAGIC, "Ceph", false},
                              Kind{AFS_SUPER_MAGIC, "AFS", false},
                              Kind{V9FS_MAGIC, "9p", false},
                              Kind{FUSE_SUPER_MAGIC, "FUSE", false}};

bool is_shared(const Url& url) {
    const auto found = url.query.find("shared");
    return found != url.query.end() && (found->second == "true" || found->second == "1");
}

}  // namespace

std::optional<Remark> file_system_of(const std::string& text) {
    const Url url = parse_url(text);
    if (url.scheme != "file") return std::nullopt;
    struct statfs status {};
    if (::statfs(url.path.c_str(), &status) != 0)
        return Remark{Remark::Grade::error, "file system",
                      url.path + ": " + std::generic_category().message(errno)};
    for (const Kind& kind : kinds) {
        if (static_cast<unsigned long>(status.f_type) != kind.magic) continue;
        const std::string name = kind.name;
        if (kind.on_this_machine || is_shared(url))
            return Remark{Remark::Grade::ok, "file system", name};
        return Remark{
            Remark::Grade::error, "file system",
            name + " may be mounted elsewhere, where locks may not reach: say shared=true"};
    }
    return Remark{Remark::Grade::warning, "file system",
                  "of a kind that is not known here: expected ext4, xfs, btrfs or tmpfs"};
}

}  // namespace conclave::tool
