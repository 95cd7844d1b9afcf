#include "services/lambda/code/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "services/lambda/code/limits.h"
#include "services/lambda/testing/zip_maker.h"

namespace outcrop::lambda {
namespace {

constexpr std::string_view not_unzippable = "Could not unzip uploaded file. Please check your file, then try to upload again.";

std::string refusal_of_zip(std::string_view bytes) {
  const auto archive = ZipArchive::read(bytes);
  if (!archive) return archive.error().message;
  for (const ZipEntry& entry : archive->entries()) {
    if (auto read = inflate_entry(entry, [](std::string_view) { return Result<void>(); }); !read) return read.error().message;
  }
  return "no refusal";
}

std::string content_of_entry(const ZipEntry& entry) {
  std::string content;
  const auto read = inflate_entry(entry, [&](std::string_view part) {
    content += part;
    return Result<void>();
  });
  return read ? content : read.error().message;
}

TEST(ZipArchive, TellsFilesDirectoriesAndLinks) {
  const std::string zip = ZipMaker()
                              .add({.name = "lib/", .mode = 040755})
                              .add({.name = "lib/index.mjs", .content = "export const a = 1;", .mode = 0100755, .deflate = true})
                              .add({.name = "bin", .content = "lib/index.mjs", .mode = 0120777})
                              .finish();
  const auto archive = ZipArchive::read(zip).value();
  ASSERT_EQ(archive.entries().size(), 3u);
  EXPECT_EQ(archive.entries()[0].kind, ZipEntry::Kind::directory);
  EXPECT_EQ(archive.entries()[0].name, "lib");
  EXPECT_EQ(archive.entries()[1].kind, ZipEntry::Kind::file);
  EXPECT_EQ(archive.entries()[1].mode, 0755u);
  EXPECT_EQ(content_of_entry(archive.entries()[1]), "export const a = 1;");
  EXPECT_EQ(archive.entries()[2].kind, ZipEntry::Kind::symbolic_link);
  EXPECT_EQ(content_of_entry(archive.entries()[2]), "lib/index.mjs");
  EXPECT_EQ(archive.unpacked_bytes(), 19u + 13u);
}

TEST(ZipArchive, ReadsTheDirectoryOf64Bits) {
  const std::string zip = ZipMaker().add("a.py", "a").add("b.py", "b").finish_wide();
  EXPECT_EQ(ZipArchive::read(zip)->entries().size(), 2u);
}

TEST(ZipArchive, ReadsWhatHasACommentAndSomethingBeforeIt) {
  std::string zip = ZipMaker().add("a.py", "a").finish();
  zip[zip.size() - 2] = 5;
  EXPECT_EQ(ZipArchive::read(zip + "hello")->entries().size(), 1u);
}

TEST(ZipArchive, RefusesWhatIsNone) {
  for (const std::string& bytes : {std::string(), std::string("hello"), std::string(100, '\0'), std::string("PK\5\6")})
    EXPECT_EQ(refusal_of_zip(bytes), not_unzippable);
  std::string zip = ZipMaker().add("a.py", "a").finish();
  EXPECT_EQ(refusal_of_zip(zip.substr(0, zip.size() - 1)), not_unzippable);
  EXPECT_EQ(refusal_of_zip(zip.substr(1)), not_unzippable);
}

TEST(ZipArchive, RefusesNamesThatLeadOut) {
  for (const char* name : {"../a", "/etc/passwd", "a/../../b", "a\\b", "..", "a/.."})
    EXPECT_THAT(refusal_of_zip(ZipMaker().add(name, "x").finish()), testing::HasSubstr("leads out of the package")) << name;
  EXPECT_THAT(refusal_of_zip(ZipMaker().add(std::string("a\0b", 3), "x").finish()), testing::HasSubstr("leads out"));
  EXPECT_THAT(refusal_of_zip(ZipMaker().add(std::string(limits::zip_name_bytes_max + 1, 'a'), "x").finish()),
              testing::HasSubstr("too long"));
}

TEST(ZipArchive, DropsWhatNamesSayTwice) {
  const std::string zip = ZipMaker().add("./a//b/./c.py", "x").finish();
  EXPECT_EQ(ZipArchive::read(zip)->entries()[0].name, "a/b/c.py");
}

TEST(ZipArchive, RefusesNamesThatAreThereTwice) {
  EXPECT_THAT(refusal_of_zip(ZipMaker().add("a", "x").add("./a", "y").finish()), testing::HasSubstr("more than once"));
  EXPECT_THAT(refusal_of_zip(ZipMaker().add("a", "x").add({.name = "a/", .mode = 040755}).finish()),
              testing::HasSubstr("a file and a directory"));
  EXPECT_THAT(refusal_of_zip(ZipMaker().add({.name = "a", .content = "/etc", .mode = 0120777}).add("a/passwd", "x").finish()),
              testing::HasSubstr("below a file or a link"));
}

TEST(ZipArchive, RefusesWhatItCannotUnpack) {
  EXPECT_THAT(refusal_of_zip(ZipMaker().add({.name = "a", .content = "x", .flags = 1}).finish()), testing::HasSubstr("is encrypted"));
  EXPECT_THAT(refusal_of_zip(ZipMaker().add({.name = "a", .content = "x", .mode = 0020666}).finish()),
              testing::HasSubstr("neither a file, a directory nor a symbolic link"));
}

TEST(ZipArchive, RefusesContentThatIsNotAsItSays) {
  EXPECT_EQ(refusal_of_zip(ZipMaker().add({.name = "a", .content = "x", .wrong_checksum = true}).finish()), not_unzippable);
  for (const bool deflate : {false, true})
    EXPECT_EQ(refusal_of_zip(ZipMaker().add({.name = "a", .content = "xyz", .deflate = deflate, .claimed_size_more = 1}).finish()),
              not_unzippable);
}

// Ten such entries say a little and are a little more than may be.
TEST(ZipArchive, RefusesBombsBeforeTheyAreUnpacked) {
  ZipMaker maker;
  for (int i = 0; i < 10; ++i)
    maker.add({.name = std::to_string(i), .content = "", .deflate = true, .claimed_size_more = (250 << 20) / 10 + 1});
  EXPECT_EQ(refusal_of_zip(maker.finish()), "Unzipped size must be smaller than 262144000 bytes");
}

TEST(ZipArchive, GivesNoMoreThanAnEntrySays) {
  const std::string zip =
      ZipMaker().add({.name = "a", .content = std::string(1 << 20, 'x'), .deflate = true, .claimed_size_more = uint32_t(-1000)}).finish();
  const auto archive = ZipArchive::read(zip).value();
  uint64_t given = 0;
  const auto read = inflate_entry(archive.entries()[0], [&](std::string_view part) {
    given += part.size();
    return Result<void>();
  });
  EXPECT_FALSE(read);
  EXPECT_LE(given, archive.entries()[0].size);
}

}  // namespace
}  // namespace outcrop::lambda
