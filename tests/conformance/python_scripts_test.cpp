// The scripts of the installed python3-redis and python3-tooz are those that the model recognises.

#include "python_scripts.hpp"

#include <gtest/gtest.h>

#include "engine/script_run.hpp"
#include "engine/sha1.hpp"

namespace conclave::conformance {

namespace {

bool known(const std::string& body) {
    const servers::redis::ScriptHash hash = servers::redis::sha1(body);
    return servers::redis::find_script({hash.data(), hash.size()}) != nullptr;
}

}  // namespace

TEST(PythonScripts, LocksOfRedisPyAreRecognised) {
    for (const PythonScript& script : redis_py_scripts())
        EXPECT_TRUE(known(script.body)) << script.name;
}

TEST(PythonScripts, GroupsOfToozAreRecognised) {
    for (const PythonScript& script : tooz_scripts())
        EXPECT_TRUE(known(script.body)) << script.name;
}

}  // namespace conclave::conformance
