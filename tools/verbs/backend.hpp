#pragma once

// What every production verb has in common: the backend's URL, how to connect to it, and what an
// error means to a shell.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "conclave/connect.hpp"
#include "production_exit.hpp"

namespace conclave::tool {

struct BackendArguments {
    std::string url;
};

/// `--url`, also from CONCLAVE_URL.
void add_url(CLI::App& verb, BackendArguments& backend);

/// What was asked for is wrong: exit code 64.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A duration option such as 30s. Errors: UsageError naming `option`.
Duration duration_of(const std::string& text, const std::string& option);

/// HOST.PID.RANDOM: unique, and says to people who it is. Errors: std::system_error
MemberId own_member_id();

/// A client of the backend; its calls are bounded by ten seconds, and
/// its member id is own_member_id() unless `options` say another. Errors: as conclave::connect().
Client connect_to(const BackendArguments& backend, const ConnectOptions& options = {});

/// What an error means to a shell.
int exit_code(const Error& error);
/// Runs `body`; an error is told on stderr, after `verb`, and becomes its exit code.
int run_production(const std::string& verb, const std::function<int()>& body);
/// "conclave VERB: TEXT" on stderr.
void tell(const std::string& verb, const std::string& text);

}  // namespace conclave::tool
