#pragma once

// Random commands over few keys, so that they meet: every command and script of the model, about a
// third of them wrong in some way, expiry crossed by absolute times in the past and by brief lives.

#include <array>
#include <cstdint>

#include <set>
#include <string>
#include <vector>

#include "conclave/sim/stream.hpp"

namespace conclave::conformance {

/// A command; without words it is a pause in which every brief life ends.
struct Step {
    int connection = 0;
    std::vector<std::string> words = {};
};

class CommandGenerator {
public:
    static constexpr std::array keys{"a", "b", "c", "d"};
    /// How long a key of a brief life lives.
    static constexpr std::int64_t brief_ms = 40;

    explicit CommandGenerator(sim::Stream stream);

    Step next();
    /// Whether keys are given brief lives from now on; then nothing holds the server back either.
    void brief_lives(bool drawn) noexcept { brief_ = drawn; }
    /// The names drawn so far, lower case.
    const std::set<std::string>& drawn() const noexcept { return drawn_; }
    /// The names of all scripts, and of those that were run so far.
    std::set<std::string> scripts() const;
    const std::set<std::string>& scripts_drawn() const noexcept { return scripts_drawn_; }

private:
    using Words = std::vector<std::string>;
    struct Script {
        std::string name;
        std::string sha1;
        std::string body;
    };
    Words well_formed();
    Words brief_command();
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
    std::string milliseconds(std::initializer_list<const char*> choices);
    std::string pick(std::initializer_list<const char*> choices);

    sim::Stream stream_;
    std::vector<Script> scripts_;
    bool brief_ = false;
    std::set<std::string> drawn_;
    std::set<std::string> scripts_drawn_;
};

}  // namespace conclave::conformance
