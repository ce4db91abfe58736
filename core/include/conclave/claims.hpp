#pragma once

// What a driver promises, and what a client may ask it to. Plain values.

#include <cstdint>
#include <set>
#include <string_view>

namespace conclave {

/// The ten properties a driver may claim. Source: tooz coordination.Characteristics.
enum class Characteristic : std::uint8_t {
    distributed_across_threads,    ///< works between threads of one process
    distributed_across_processes,  ///< works between processes of one machine
    distributed_across_hosts,      ///< works between machines
    non_timeout_based,             ///< nothing that is held lapses by a clock
    linearizable,                  ///< operations on one object have one order, that of real time
    sequential,                    ///< all clients see the operations in one order
    causal,                        ///< what depends on an operation is seen after it
    serializable,                  ///< concurrent operations do what some order of them does
    same_view_under_partitions,    ///< who is cut off sees an error rather than an old view
    same_view_across_clients,      ///< all clients see one view at one time
};

/// What a driver may claim beyond the ten.
enum class Feature : std::uint8_t {
    exclusive_by_belief,  ///< no two clients believe to hold one lock at the same time
    fencing,              ///< the token grows across every failure of this configuration
    membership_accuracy,  ///< a member that renews in time is never absent
};
std::string_view to_string(Characteristic characteristic) noexcept;
std::string_view to_string(Feature feature) noexcept;

struct Claims {
    std::set<Characteristic> characteristics;
    std::set<Feature> features;
};

}  // namespace conclave
