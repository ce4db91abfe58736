#include "place.hpp"

#include <exception>

#include "conclave/drivers/all_drivers.hpp"
#include "conclave/sync.hpp"
#include "drivers_under_test.hpp"

namespace conclave::contract {

using namespace std::chrono_literals;

DriverRegistry& drivers_under_test() {
    static DriverRegistry drivers = all_drivers();
    return drivers;
}

Driver& Session::make(const std::string& member_id, const Options& options) {
    drivers_.push_back(drivers_under_test().make(runtime_, url_, member_id, options));
    return *drivers_.back();
}

Driver& Session::connect(const std::string& member_id, const Options& options) {
    Driver& driver = make(member_id, options);
    driver.start(soon());
    return driver;
}

Coordinator& Session::coordinator(const std::string& member_id, const Options& options,
                                  const std::string& url) {
    auto driver =
        drivers_under_test().make(runtime_, url.empty() ? url_ : url, member_id, options);
    coordinators_.push_back(std::make_unique<Coordinator>(gate_, std::move(driver), member_id));
    return *coordinators_.back();
}

Coordinator& Session::member(const std::string& member_id, const Options& options) {
    Coordinator& member = coordinator(member_id, options);
    member.start();
    return member;
}

Client& Session::client(const std::string& member_id, const Options& options, ClientTimes times) {
    auto driver = all_drivers().make(runtime_, url_, member_id, options);
    clients_.push_back(std::make_unique<Client>(
        Client::start(gate_, std::move(driver), MemberId(member_id), {}, times)));
    return *clients_.back();
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
    for (const auto& coordinator : coordinators_)
        if (coordinator->is_started()) coordinator->stop(2s);
    coordinators_.clear();
    for (const auto& client : clients_) client->stop(2s);
    clients_.clear();
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
