#pragma once

// The rules that no compiler checks. Each is a pure function from the files to what is broken, so
// that a planted bad file proves that the rule can see.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "source_tree.hpp"

namespace conclave::guards {

using Files = std::vector<SourceFile>;
using Findings = std::vector<Finding>;

/// Each module includes only what its place in the architecture allows.
Findings include_rules(const Files& files);

/// A backend's driver includes neither another backend's files nor its codec, by whatever path.
Findings backend_rules(const Files& files);

/// Asio is compiled in few translation units; all of them are listed when they are too many.
Findings asio_units(const Files& files);

/// Nondeterminism has one door each; the message names the replacement.
Findings banned_tokens(const Files& files);

/// Files stay small. `allowed` lists the ones that are over the limit with the size they may have:
/// it may only shrink, and an entry that is no longer needed is a finding too.
Findings size_limits(const Files& files, const std::map<std::string, int>& allowed);

/// Functions stay short: at most 70 lines from the line of their opening brace to the closing one.
/// Relies on clang-format: a function of a namespace begins and ends in the first column.
Findings function_lengths(const Files& files);

/// No file names a path of the machine it was written on.
Findings machine_paths(const Files& files);

/// Links of markdown files to files of the repository lead somewhere.
Findings dead_links(const Files& files, const std::filesystem::path& root);

}  // namespace conclave::guards
