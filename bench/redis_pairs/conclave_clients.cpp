#include <stdexcept>
#include <string>

#include "clients.hpp"
#include "conclave/asio_runtime.hpp"
#include "conclave/drivers/all_drivers.hpp"
#include "stopwatch.hpp"

namespace conclave::bench {

namespace {

constexpr Duration patience = std::chrono::seconds(10);

std::unique_ptr<Driver> start_driver(Runtime& runtime, int port) {
    auto driver = all_drivers().make(runtime, "redis://127.0.0.1:" + std::to_string(port), "bench");
    driver->start(runtime.after(patience));
    return driver;
}

Lease acquire(Driver& driver, Runtime& runtime) {
    Locks& locks = *driver.locks();
    std::optional<Lease> lease =
        locks.try_acquire("bench", locks.new_owner(), runtime.after(patience));
    if (!lease) throw std::runtime_error("the lock was taken");
    return std::move(*lease);
}

void release(Driver& driver, Runtime& runtime, const Lease& lease) {
    if (!driver.locks()->release(lease, runtime.after(patience)))
        throw std::runtime_error("the lock was not ours");
}

}  // namespace

double fiber_pairs_per_second(int port, int pairs) {
    double rate = 0;
    run_on_this_thread([&](Runtime& runtime) {
        const std::unique_ptr<Driver> driver = start_driver(runtime, port);
        rate = per_second(pairs, [&] { release(*driver, runtime, acquire(*driver, runtime)); });
        driver->stop(runtime.after(patience));
    });
    return rate;
}

double thread_pairs_per_second(int port, int pairs) {
    AsioRuntime asio;
    Gate& gate = asio.gate();
    std::unique_ptr<Driver> driver;
    gate.call([&] { driver = start_driver(gate.runtime(), port); });
    const double rate = per_second(pairs, [&] {
        Lease lease;
        gate.call([&] { lease = acquire(*driver, gate.runtime()); });
        gate.call([&] { release(*driver, gate.runtime(), lease); });
    });
    gate.call([&] {
        driver->stop(gate.runtime().after(patience));
        driver.reset();
    });
    return rate;
}

}  // namespace conclave::bench
