// Beginning, running and ending what nobody waits for.

#include <algorithm>

#include "client_core.hpp"
#include "interrupt.hpp"

namespace conclave::detail {

namespace {

template <class Problem>
std::exception_ptr failure(const std::string& message) {
    return std::make_exception_ptr(Problem(message));
}

/// On a fiber, or where the body does not park.
void run(OperationBody& body, ClientCore& client, Interrupt& interrupt) {
    if (interrupt.requested())
        body.refuse(failure<Cancelled>("cancelled before it began"));
    else
        body.run(client, interrupt);
}

}  // namespace

AsyncOperation::AsyncOperation(const std::shared_ptr<ClientCore>& client)
    : client_(client), interrupt_(std::make_shared<Interrupt>(client->runtime().scheduler)) {}

// While it runs not a shared pointer to the core, see AsyncWork. What is posted now runs before
// anything that ends the core, as in Handle::abandon().
void AsyncOperation::begin(std::shared_ptr<ClientCore> client, std::shared_ptr<OperationBody> body,
                           Runs runs) const {
    ClientCore* const core = client.get();
    const auto interrupt = interrupt_;
    const bool accepted =
        runs == Runs::stopping
            ? core->gate().spawn([core, body, interrupt] { run(*body, *core, *interrupt); })
            : core->post([core, body, interrupt, runs] { core->begin(body, interrupt, runs); });
    if (!accepted) body->refuse(failure<Cancelled>("the runtime has stopped"));
}

void AsyncOperation::cancel() const {
    if (const auto client = client_.lock())
        client->post([interrupt = interrupt_] { interrupt->request(); });
}

void ClientCore::begin(std::shared_ptr<OperationBody> body, std::shared_ptr<Interrupt> interrupt,
                       Runs runs) {
    if (started_) {
        // A stop that comes first refuses only what is for started clients.
        if (runs == Runs::while_started) waits_.push_back(interrupt);
        operations_->spawn([this, body = std::move(body), interrupt = std::move(interrupt), runs] {
            if (runs != Runs::while_started) waits_.push_back(interrupt);
            run(*body, *this, *interrupt);
            std::erase(waits_, interrupt);
        });
    } else if (runs != Runs::after_stop_too) {
        body->refuse(failure<Cancelled>("the client has stopped"));
    } else if (open_) {
        background_->spawn([this, body = std::move(body), interrupt = std::move(interrupt)] {
            run(*body, *this, *interrupt);
        });
    } else {
        run(*body, *this, *interrupt);  // has nothing to wait for
    }
}

}  // namespace conclave::detail
