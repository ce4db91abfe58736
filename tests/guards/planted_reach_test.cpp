// The rules about what a file reaches through others, against files that break them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules.hpp"

namespace conclave::guards {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(BackendRules, FindAnotherBackendByARelativePath) {
    for (const char* include : {"../../redis/driver/keys.hpp", "../../redis/driver/../gone.hpp"})
        EXPECT_THAT(backend_rules({make_source("drivers/file/driver/x.cpp",
                                               "\n#include \"" + std::string(include) + "\"\n"),
                                   make_source("drivers/redis/driver/keys.hpp", "")}),
                    ElementsAre(testing::AllOf(
                        Field(&Finding::line, 2),
                        Field(&Finding::message,
                              HasSubstr("drivers/file must not know drivers/redis")))));
}

TEST(BackendRules, FindTheCodecOfAnotherBackend) {
    EXPECT_THAT(
        backend_rules({make_source("drivers/file/driver/x.cpp",
                                   "#include \"conclave/codec/resp.hpp\"\n"),
                       make_source("drivers/redis/codec/include/conclave/codec/resp.hpp", "")}),
        ElementsAre(Field(&Finding::message, HasSubstr("conclave/codec/resp.hpp"))));
}

TEST(BackendRules, AllowTheirOwnAndWhatAllShare) {
    EXPECT_THAT(
        backend_rules(
            {make_source("drivers/redis/driver/x.cpp",
                         "#include \"../client/client.hpp\"\n#include \"../../common/y.hpp\"\n"
                         "#include \"conclave/codec/resp.hpp\"\n"
                         "#include \"conclave/codec/msgpack.hpp\"\n#include <map>\n"),
             make_source("drivers/redis/codec/include/conclave/codec/resp.hpp", ""),
             make_source("drivers/msgpack/include/conclave/codec/msgpack.hpp", ""),
             make_source("drivers/src/all_drivers.cpp",
                         "#include \"../redis/driver/redis_driver.hpp\"\n")}),
        IsEmpty());
}

/// `direct` units that include Asio, and one that reaches it through two headers.
Files with_asio(std::size_t direct) {
    Files files = {make_source("core/asio/src/inner.hpp", "#include <boost/asio/ip/tcp.hpp>\n"),
                   make_source("core/asio/include/conclave/outer.hpp",
                               "#include \"../../src/inner.hpp\"\n"),
                   make_source("tools/through.cpp", "#include \"conclave/outer.hpp\"\n"),
                   make_source("tools/none.cpp", "#include <map>\n"),
                   make_source("tests/x_test.cpp", "#include <boost/asio.hpp>\n")};
    for (std::size_t i = 0; i < direct; ++i)
        files.push_back(make_source("core/asio/src/" + std::to_string(i) + ".cpp",
                                    "#include <boost/asio.hpp>\n"));
    return files;
}

TEST(AsioUnits, AreCountedAlsoThroughHeaders) {
    EXPECT_THAT(asio_units(with_asio(5)), IsEmpty());
    EXPECT_THAT(asio_units(with_asio(6)), SizeIs(7));
}

}  // namespace
}  // namespace conclave::guards
