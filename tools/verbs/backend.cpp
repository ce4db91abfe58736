#include "backend.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>
#include <sstream>
#include <system_error>

#include "conclave/scenarios/plan.hpp"

namespace conclave::tool {

int exit_code(const Error& error) {
    switch (error.error_code()) {
        case ErrorCode::bad_option: return ProductionExit::bad_usage;
        case ErrorCode::connection:
        case ErrorCode::timed_out: return ProductionExit::unavailable;
        case ErrorCode::access_denied: return ProductionExit::not_permitted;
        default: return ProductionExit::not_configured;
    }
}

void add_url(CLI::App& verb, BackendArguments& backend) {
    verb.add_option("--url", backend.url, "The backend: redis://..., rediss://... or file:///...")
        ->envname("CONCLAVE_URL")
        ->required();
}

Duration duration_of(const std::string& text, const std::string& option) {
    const bool minutes = text.ends_with('m');
    Duration length{};
    const bool read =
        scenarios::parse_duration(minutes ? text.substr(0, text.size() - 1) + "s" : text, length);
    constexpr Duration longest = std::chrono::hours(24 * 365);
    if (read && length >= Duration::zero() && length <= longest / 60)
        return minutes ? length * 60 : length;
    throw UsageError(option + " '" + text + "': expected a duration such as 30s, 500ms or 5m");
}

MemberId own_member_id() {
    std::array<char, 65> host{};  // POSIX: at most 64 bytes
    std::uint32_t random = 0;
    if (::gethostname(host.data(), host.size() - 1) != 0 ||
        ::getrandom(&random, sizeof random, 0) != sizeof random)
        throw std::system_error(errno, std::generic_category(), "no name for this process");
    std::ostringstream id;
    id << host.data() << '.' << ::getpid() << '.' << std::hex << random;
    return MemberId(id.str());
}

Client connect_to(const BackendArguments& backend, const ConnectOptions& options) {
    ConnectOptions named = options;
    if (named.member_id.empty()) named.member_id = own_member_id();
    return connect(backend.url, named);
}

void tell(const std::string& verb, const std::string& text) {
    std::cerr << "conclave " << verb << ": " << text << std::endl;
}

int run_production(const std::string& verb, const std::function<int()>& body) {
    try {
        return body();
    } catch (const UsageError& error) {
        tell(verb, error.what());
        return ProductionExit::bad_usage;
    } catch (const Error& error) {
        tell(verb, error.what());
        return exit_code(error);
    } catch (const std::exception& error) {
        tell(verb, std::string("internal error: ") + error.what());
        return ProductionExit::internal_error;
    }
}

}  // namespace conclave::tool
