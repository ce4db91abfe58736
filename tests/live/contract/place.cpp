#include "place.hpp"

#include <exception>

#include "conclave/drivers/all_drivers.hpp"
#include "conclave/sync.hpp"

namespace conclave::contract {

using namespace std::chrono_literals;

Driver& Session::make(const std::string& member_id, const Options& options) {
    drivers_.push_back(all_drivers().make(runtime_, url_, member_id, options));
    return *drivers_.back();
}

Driver& Session::connect(const std::string& member_id, const Options& options) {
    Driver& driver = make(member_id, options);
    driver.start(soon());
    return driver;
}

bool Session::eventually(const std::function<bool()>& condition, Duration limit) {
    const Deadline deadline = runtime_.after(limit);
    while (!condition()) {
        if (deadline.passed(runtime_.clock.now())) return false;
        sleep_for(runtime_, 50ms);
    }
    return true;
}

void Session::stop_all() {
    for (const auto& driver : drivers_) driver->stop(runtime_.after(2s));
    drivers_.clear();
}

void run_session(Runtime& runtime, const std::string& url,
                 const std::function<void(Session&)>& body) {
    Session session(runtime, url);
    std::exception_ptr failure;
    try {
        body(session);
    } catch (...) {
        failure = std::current_exception();
    }
    session.stop_all();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace conclave::contract
