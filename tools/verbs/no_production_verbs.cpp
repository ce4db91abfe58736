#include "production_verbs.hpp"

namespace conclave::tool {

// Without Boost.Asio there is no backend to reach, and the verbs are absent from --help.
struct ProductionVerbs::Arguments {};

ProductionVerbs::ProductionVerbs(std::vector<std::string>&) {}
ProductionVerbs::~ProductionVerbs() = default;
void ProductionVerbs::add(CLI::App&, std::function<int()>&) {}
GroupReader ProductionVerbs::group_reader() const { return {}; }
int ProductionVerbs::run(const std::string&, const std::function<int()>& body) { return body(); }
int ProductionVerbs::usage_exit(int otherwise) const { return otherwise; }

}  // namespace conclave::tool
