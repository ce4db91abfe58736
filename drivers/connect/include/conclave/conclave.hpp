#pragma once

// All that an application needs: connect() and get_coordinator(), the handles they lead to, errors,
// and what divides work among members. Left out is what costs more to compile than it is used:
// conclave/asio.hpp, for completion tokens.

#include "conclave/async_result.hpp"
#include "conclave/client.hpp"
#include "conclave/connect.hpp"
#include "conclave/coordinator.hpp"
#include "conclave/error.hpp"
#include "conclave/hash_ring.hpp"
#include "conclave/partitioner.hpp"
#include "conclave/result.hpp"
#include "conclave/value.hpp"
