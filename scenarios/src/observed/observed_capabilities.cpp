#include "observed_capabilities.hpp"

#include "lives.hpp"

namespace conclave::scenarios {

using properties::Action;
using properties::Call;

CallLog::Mark ObservedCapabilities::writing(const std::string& group, const std::string& member,
                                            const std::string& version) {
    Call call;
    call.action = Action::write;
    call.object = log_.of(Observed::capabilities).text(register_of(group, member, version));
    call.argument = log_.of(Observed::capabilities).text(version);
    return log_.begin(Observed::capabilities, who_, "", call);
}

std::string ObservedCapabilities::next_version(const std::string& group, const std::string& life) {
    return version_text(life, ++updates_[{group, life}]);
}

CallLog::Mark ObservedCapabilities::reading() {
    Call call;
    call.action = Action::read;
    return log_.begin(Observed::capabilities, who_, "", call);
}

// Of which life they are, the answer tells.
void ObservedCapabilities::read(CallLog::Mark mark, const std::string& group,
                                const std::string& member, const Value& capabilities) {
    const std::string version = version_of(capabilities);
    Call& call = log_.at(mark);
    call.object = log_.of(Observed::capabilities).text(register_of(group, member, version));
    call.result = log_.of(Observed::capabilities).text(version);
    log_.answered(mark, true);
}

void ObservedCapabilities::read_all(const std::string& group,
                                    const std::map<std::string, Value>& members,
                                    std::int64_t since_ns) {
    for (const auto& [member, capabilities] : members) {
        const CallLog::Mark mark = reading();
        log_.at(mark).call_ns = since_ns;
        read(mark, group, member, capabilities);
    }
}

}  // namespace conclave::scenarios
