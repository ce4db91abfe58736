// Making, listing and removing.

#include "files_world.hpp"

namespace conclave::contract {
namespace {

using testing::ElementsAre;

class FileFolders : public FilesContract {};
CONCLAVE_FILES_SUITE(FileFolders);

TEST_P(FileFolders, AreMadeWithThoseOnTheirWay) {
    in_world([&](Runtime& runtime) {
        EXPECT_TRUE(runtime.files.make_folders(path("a/b/c"), soon(runtime)).ok());
        EXPECT_TRUE(runtime.files.make_folders(path("a/b/c"), soon(runtime)).ok());
        EXPECT_TRUE(runtime.files.make_folders(path("a/d"), soon(runtime)).ok());
        EXPECT_THAT(runtime.files.list(path("a"), soon(runtime)).names, ElementsAre("b", "d"));
    });
}

TEST_P(FileFolders, AreListedSortedAndWhole) {
    in_world([&](Runtime& runtime) {
        for (const char* name : {"b", ".hidden", "a", "n\xc3\xa4me"}) write(runtime, name, "x");
        EXPECT_THAT(runtime.files.list(world_->folder(), soon(runtime)).names,
                    ElementsAre(".hidden", "a", "b", "n\xc3\xa4me"));
        EXPECT_EQ(runtime.files.list(path("absent"), soon(runtime)).outcome.status,
                  FileStatus::not_found);
    });
}

TEST_P(FileFolders, AreRemovedWhenTheyAreEmpty) {
    in_world([&](Runtime& runtime) {
        runtime.files.make_folders(path("a"), soon(runtime));
        write(runtime, "a/file", "x");
        EXPECT_EQ(runtime.files.remove(path("a"), soon(runtime)).status, FileStatus::not_empty);
        EXPECT_TRUE(runtime.files.remove(path("a/file"), soon(runtime)).ok());
        EXPECT_EQ(runtime.files.remove(path("a/file"), soon(runtime)).status,
                  FileStatus::not_found);
        EXPECT_TRUE(runtime.files.remove(path("a"), soon(runtime)).ok());
        EXPECT_THAT(runtime.files.list(world_->folder(), soon(runtime)).names, ElementsAre());
    });
}

TEST_P(FileFolders, CanHaveASecondName) {
    const std::string link = world_->folder() + "-link";
    world_->link_folder(link);
    in_world([&](Runtime& runtime) {
        write(runtime, "file", "content");
        EXPECT_EQ(runtime.files.read(link + "/file", soon(runtime)).content, "content");
        EXPECT_EQ(runtime.files.read(link + "/.//file", soon(runtime)).content, "content");
    });
}

}  // namespace
}  // namespace conclave::contract
