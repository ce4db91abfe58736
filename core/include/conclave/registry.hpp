#pragma once

// Which drivers exist. A value filled in by direct calls, never by static constructors: a linker
// drops those from archives.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conclave/driver.hpp"
#include "conclave/environment.hpp"
#include "conclave/url.hpp"

namespace conclave {

class DriverRegistry {
public:
    /// Makes a driver that has not connected yet; options are already merged with the URL's query.
    using Factory = std::function<std::unique_ptr<Driver>(
        Runtime&, const Url&, const std::string& member_id, const Options&)>;

    void add(std::string scheme, Factory factory);
    /// Errors: no effect - BadOption for a malformed URL, an unknown scheme (the known ones are
    /// listed) or a bad option.
    std::unique_ptr<Driver> make(Runtime& runtime, const std::string& url,
                                 const std::string& member_id, const Options& options = {}) const;
    std::vector<std::string> schemes() const;  ///< sorted

private:
    std::map<std::string, Factory> factories_;
};

}  // namespace conclave
