#include "conclave/driver.hpp"

namespace conclave {

std::string_view to_string(Characteristic characteristic) noexcept {
    switch (characteristic) {
        case Characteristic::distributed_across_threads: return "distributed_across_threads";
        case Characteristic::distributed_across_processes: return "distributed_across_processes";
        case Characteristic::distributed_across_hosts: return "distributed_across_hosts";
        case Characteristic::non_timeout_based: return "non_timeout_based";
        case Characteristic::linearizable: return "linearizable";
        case Characteristic::sequential: return "sequential";
        case Characteristic::causal: return "causal";
        case Characteristic::serializable: return "serializable";
        case Characteristic::same_view_under_partitions: return "same_view_under_partitions";
        case Characteristic::same_view_across_clients: return "same_view_across_clients";
    }
    return "?";
}

std::string_view to_string(Feature feature) noexcept {
    switch (feature) {
        case Feature::exclusive_by_belief: return "exclusive_by_belief";
        case Feature::fencing: return "fencing";
        case Feature::membership_accuracy: return "membership_accuracy";
    }
    return "?";
}

Value Groups::get_member_info(const std::string&, const std::string&, Deadline) {
    throw NotImplemented("this backend keeps no information beyond the capabilities");
}

}  // namespace conclave
