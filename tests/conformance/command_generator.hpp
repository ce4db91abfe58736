#pragma once

// Random commands over few keys, so that they meet: every command of the model, about a third of
// them wrong in some way, expiry crossed by absolute times in the past.

#include <set>
#include <string>
#include <vector>

#include "conclave/sim/stream.hpp"

namespace conclave::conformance {

struct Step {
    int connection = 0;
    std::vector<std::string> words;
};

class CommandGenerator {
public:
    explicit CommandGenerator(sim::Stream stream) : stream_(stream) {}

    Step next();
    /// The names drawn so far, lower case.
    const std::set<std::string>& drawn() const noexcept { return drawn_; }

private:
    using Words = std::vector<std::string>;
    Words well_formed();
    Words string_command();
    Words set_command();
    Words expiry_command();
    Words hash_command();
    Words collection_command();
    Words transaction_command();
    Words server_command();
    Words connection_command();
    Words subscription_command();
    Words script_command();
    Words script_arguments();
    Words spoiled(Words words);
    std::string key();
    std::string value();
    std::string field();
    std::string past_or_future(bool seconds);
    std::string pick(std::initializer_list<const char*> choices);

    sim::Stream stream_;
    std::set<std::string> drawn_;
};

}  // namespace conclave::conformance
