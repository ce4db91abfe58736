#include "file_options.hpp"

#include "../../common/option_reader.hpp"
#include "conclave/error.hpp"

namespace conclave::file {

namespace {

std::string folder_of(const Url& url) {
    const bool here = url.host.empty() || url.host == "localhost";
    if (!here || url.port != 0 || !url.user.empty() || !url.password.empty())
        throw BadOption("file URL with the host '" + url.host +
                        "': expected file:///folder, a folder of this machine");
    std::string folder = url.path;
    while (!folder.empty() && folder.back() == '/') folder.pop_back();
    if (folder.empty())
        throw BadOption("file URL with the path '" + url.path +
                        "': expected file:///folder, a folder for coordination alone");
    if (folder.find('\0') != std::string::npos)
        throw BadOption("file URL with a zero byte in its path: expected file:///folder");
    return folder;
}

}  // namespace

FileOptions parse_file_options(const Url& url, const Options& options) {
    common::OptionReader reader(options);
    FileOptions parsed;
    parsed.folder = folder_of(url);
    const Duration timeout = reader.seconds("timeout", parsed.membership_timeout);
    parsed.membership_timeout = reader.seconds("membership_timeout", timeout);
    parsed.shared = reader.boolean("shared", false);
    parsed.layout = static_cast<Layout>(reader.word("layout", {"tooz", "conclave"}));
    parsed.mixed_peers = reader.word("peers", {"conclave", "mixed"}) == 1;
    if (parsed.layout == Layout::conclave && parsed.mixed_peers)
        common::bad_option("peers", "mixed", "layout=tooz beside it, the only one that tooz reads");
    // An option of tooz that has nothing to steer here is checked all the same.
    reader.word("executor", {"threaded", "thread", "threading", "synchronous", "sync"});
    reader.refuse_others();
    return parsed;
}

}  // namespace conclave::file
