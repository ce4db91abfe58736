// Reading, replacing and dating files.

#include "conclave/sync.hpp"
#include "files_world.hpp"

namespace conclave::contract {
namespace {

class FileContent : public FilesContract {};
CONCLAVE_FILES_SUITE(FileContent);

TEST_P(FileContent, IsReadAsItWasWritten) {
    in_world([&](Runtime& runtime) {
        const std::string content("a\0b\nc", 5);
        EXPECT_EQ(write(runtime, "file", content).status, FileStatus::ok);
        const FileRead read = runtime.files.read(path("file"), soon(runtime));
        EXPECT_EQ(read.outcome.status, FileStatus::ok);
        EXPECT_EQ(read.content, content);
        EXPECT_EQ(write(runtime, "file", "").status, FileStatus::ok);
        EXPECT_EQ(runtime.files.read(path("file"), soon(runtime)).content, "");
    });
}

TEST_P(FileContent, LeavesNothingBesideTheFile) {
    in_world([&](Runtime& runtime) {
        write(runtime, "file", "first");
        write(runtime, "file", "second");
        EXPECT_THAT(runtime.files.list(world_->folder(), soon(runtime)).names,
                    testing::ElementsAre("file"));
    });
}

TEST_P(FileContent, ThatIsNotThereIsNamed) {
    in_world([&](Runtime& runtime) {
        const FileRead read = runtime.files.read(path("absent"), soon(runtime));
        EXPECT_EQ(read.outcome.status, FileStatus::not_found);
        EXPECT_EQ(read.outcome.effect, Effect::none);
        EXPECT_THAT(read.outcome.detail, testing::HasSubstr(path("absent")));
        EXPECT_EQ(runtime.files.touch(path("absent"), soon(runtime)).status,
                  FileStatus::not_found);
        EXPECT_EQ(runtime.files.read(path("absent/file"), soon(runtime)).outcome.status,
                  FileStatus::not_found);
    });
}

TEST_P(FileContent, AFolderIsNoFileAndTheReverse) {
    in_world([&](Runtime& runtime) {
        write(runtime, "file", "content");
        EXPECT_EQ(runtime.files.read(world_->folder(), soon(runtime)).outcome.status,
                  FileStatus::is_a_folder);
        EXPECT_EQ(runtime.files.read(path("file/below"), soon(runtime)).outcome.status,
                  FileStatus::not_a_folder);
        EXPECT_EQ(runtime.files.list(path("file"), soon(runtime)).outcome.status,
                  FileStatus::not_a_folder);
        EXPECT_EQ(runtime.files.make_folders(path("file"), soon(runtime)).status,
                  FileStatus::not_a_folder);
        runtime.files.make_folders(path("folder"), soon(runtime));
        EXPECT_EQ(write(runtime, "folder", "content").status, FileStatus::is_a_folder);
    });
}

// File systems date by a clock that ticks every few milliseconds.
TEST_P(FileContent, IsDatedWhenItIsWrittenAndTouched) {
    in_world([&](Runtime& runtime) {
        constexpr std::int64_t tick = 20'000'000;
        const std::int64_t begun = runtime.wall_clock.now().nanoseconds;
        write(runtime, "file", "content");
        const auto modified = [&] {
            return runtime.files.read(path("file"), soon(runtime)).modified.nanoseconds;
        };
        const std::int64_t written = modified();
        EXPECT_GE(written, begun - tick);
        EXPECT_LE(written, runtime.wall_clock.now().nanoseconds);
        sleep_for(runtime, 50ms);
        EXPECT_EQ(modified(), written);
        EXPECT_EQ(runtime.files.touch(path("file"), soon(runtime)).status, FileStatus::ok);
        EXPECT_GT(modified(), written);
        EXPECT_LE(modified(), runtime.wall_clock.now().nanoseconds);
    });
}

TEST_P(FileContent, ThatIsTooLargeIsNotReadButDated) {
    in_world([&](Runtime& runtime) {
        sleep_for(runtime, 50ms);  // a clock that began at 0 tells a date from none
        const std::int64_t begun = runtime.wall_clock.now().nanoseconds;
        write(runtime, "file", std::string(file_bytes_max + 1, 'x'));
        const FileRead read = runtime.files.read(path("file"), soon(runtime));
        EXPECT_EQ(read.outcome.status, FileStatus::too_large);
        EXPECT_EQ(read.content, "");
        EXPECT_GE(read.modified.nanoseconds, begun - 20'000'000);
    });
}

TEST_P(FileContent, AfterItsDeadlineIsNeitherReadNorWritten) {
    in_world([&](Runtime& runtime) {
        write(runtime, "file", "old");
        const Deadline past(runtime.clock.now() - 1ms);
        const FileOutcome late =
            runtime.files.replace(path("file"), path("temporary"), "new", past);
        EXPECT_EQ(late.status, FileStatus::timed_out);
        EXPECT_EQ(late.effect, Effect::none);
        EXPECT_EQ(runtime.files.read(path("file"), past).outcome.status, FileStatus::timed_out);
        EXPECT_EQ(runtime.files.read(path("file"), soon(runtime)).content, "old");
    });
}

TEST_P(FileContent, OfACancelledFiberIsNotWritten) {
    in_world([&](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        FileOutcome outcome;
        group.spawn([&] { outcome = write(runtime, "file", "content"); });
        group.cancel();
        group.join();
        EXPECT_EQ(outcome.status, FileStatus::cancelled);
        EXPECT_EQ(outcome.effect, Effect::none);
        EXPECT_EQ(runtime.files.read(path("file"), soon(runtime)).outcome.status,
                  FileStatus::not_found);
    });
}

TEST_P(FileContent, WaitsWithoutHoldingUpOtherFibers) {
    in_world([&](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        bool other_ran = false;
        group.spawn([&] {
            write(runtime, "file", "content");
            EXPECT_TRUE(other_ran);
        });
        group.spawn([&] { other_ran = true; });
        group.join();
    });
}

TEST_P(FileContent, OfManyFibersIsWhole) {
    in_world([&](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        for (int fiber = 0; fiber < 4; ++fiber)
            group.spawn([&, fiber] {
                const std::string content(1000 + fiber, static_cast<char>('a' + fiber));
                const std::string temporary = path("temporary-" + std::to_string(fiber));
                for (int round = 0; round < 10; ++round) {
                    EXPECT_TRUE(runtime.files
                                    .replace(path("file"), temporary, content, soon(runtime))
                                    .ok());
                    const FileRead read = runtime.files.read(path("file"), soon(runtime));
                    ASSERT_FALSE(read.content.empty());
                    EXPECT_EQ(read.content,
                              std::string(read.content.size(), read.content.front()));
                }
            });
        group.join();
    });
}

}  // namespace
}  // namespace conclave::contract
