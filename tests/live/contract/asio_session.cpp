#include "asio_session.hpp"

#include "conclave/asio_runtime.hpp"

namespace conclave::contract {

void run_asio_session(const std::string& url, const std::function<void(Session&)>& body) {
    run_on_this_thread([&](Runtime& runtime) { run_session(runtime, url, body); });
}

}  // namespace conclave::contract
