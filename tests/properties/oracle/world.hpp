#pragma once

// One sequential object of every model, as plainly as it can be written.

#include <map>
#include <set>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/models.hpp"

namespace conclave::oracle {

using properties::Action;
using properties::Call;
using properties::Calls;
using properties::Model;
using properties::Status;
using properties::TextId;

struct Grant {
    TextId owner = 0;
    int call = -1;  ///< the call whose lease runs; -1 when it has none
};

struct World {
    std::map<TextId, TextId> values;                       ///< register by object
    std::map<TextId, Grant> locks;                         ///< held locks by object
    std::map<std::pair<TextId, TextId>, int> members;      ///< present; the call that began the lease
    std::map<std::pair<TextId, TextId>, TextId> carried;   ///< capabilities of those present
    std::map<TextId, std::int64_t> tokens;                 ///< the largest given by object
};

/// Whether leases end in this model.
bool has_leases(Model model);

/// Whether a known or unknown `call` changes the object when it takes effect.
bool is_update(const Call& call, Model model);

/// Whether the session of call `later` had been told, when it made that call, by a session that had been
/// answered call `earlier`, or by one that had been told so. What happens at one instant happens in
/// the order of the history.
bool told(const Calls& history, int earlier, int later);

/// Lets call number `index` take effect with the answer that it was given - for an unknown one, the
/// answer that lets it have an effect. False when the model does not allow it.
bool step(World& world, const Calls& history, Model model, int index);

/// The end of the lease that call number `index` began.
bool end_lease(World& world, const Calls& history, Model model, int index);

}  // namespace conclave::oracle
