#include "conclave/files.hpp"

namespace conclave {

std::string_view to_string(FileStatus status) noexcept {
    switch (status) {
        case FileStatus::ok: return "ok";
        case FileStatus::not_found: return "not found";
        case FileStatus::not_a_folder: return "not a folder";
        case FileStatus::is_a_folder: return "is a folder";
        case FileStatus::not_empty: return "folder not empty";
        case FileStatus::locked: return "locked";
        case FileStatus::denied: return "permission denied";
        case FileStatus::no_space: return "no space left";
        case FileStatus::too_large: return "too large";
        case FileStatus::timed_out: return "timed out";
        case FileStatus::cancelled: return "cancelled";
        case FileStatus::failed: return "failed";
    }
    return "?";
}

}  // namespace conclave
