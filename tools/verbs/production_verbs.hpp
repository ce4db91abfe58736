#pragma once

// What main knows of the production verbs; also in a build without the production world.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace conclave::tool {

/// Reads the weights of a group's members; see conclave ring GROUP.
using GroupReader = std::function<std::map<std::string, std::uint64_t>(
    const std::string& url, const std::string& group, std::uint64_t weight_max)>;

/// The verbs and their arguments.
class ProductionVerbs {
public:
    /// Takes what follows "--" of a verb that runs a command out of `arguments`, so that nothing
    /// reads it as options.
    explicit ProductionVerbs(std::vector<std::string>& arguments);
    ~ProductionVerbs();

    /// Adds the verbs where this build has the production world, else nothing.
    void add(CLI::App& app, std::function<int()>& verb);
    /// Empty where this build has no production world.
    GroupReader group_reader() const;
    /// Runs `body` with the exit codes of the production verbs.
    static int run(const std::string& verb, const std::function<int()>& body);
    /// The exit code of wrong usage, by what was called.
    int usage_exit(int otherwise) const;

private:
    struct Arguments;
    std::unique_ptr<Arguments> arguments_;
};

}  // namespace conclave::tool
