#include "core/quota_book.h"

#include <gtest/gtest.h>

namespace outcrop {
namespace {

std::vector<Quota> post_quotas() {
  return {{.code = "L-2", .name = "Letters per day", .period = Quota::Period::day, .value = 100, .regions = {{"eu-west-1", 20}}},
          {.code = "L-1", .name = "Parcels", .value = 5, .offered_in = {"us-east-1"}, .adjustable = false}};
}

TEST(QuotaBook, FindsWhatServicesDescribed) {
  QuotaBook book;
  book.add("post", "Amazon Post", post_quotas);
  ASSERT_EQ(book.services().size(), 1u);
  EXPECT_EQ(book.services()[0]->quotas()[0].code, "L-1") << "by code";
  EXPECT_EQ(book.find("post")->find("L-2")->name, "Letters per day");
  EXPECT_EQ(book.find("post")->find("L-3"), nullptr);
  EXPECT_EQ(book.find("rail"), nullptr);
}

TEST(QuotaBook, HasNoDescriptionMadeBeforeOneIsAskedFor) {
  QuotaBook book;
  int described = 0;
  book.add("post", "Amazon Post", [&described] {
    ++described;
    return post_quotas();
  });
  EXPECT_EQ(book.find("post")->name, "Amazon Post");
  EXPECT_EQ(described, 0);
  (void)book.find("post")->quotas();
  (void)book.find("post")->quotas();
  EXPECT_EQ(described, 1);
}

TEST(QuotaBook, KnowsWhereADefaultDiffersAndWhereAQuotaIsOffered) {
  const std::vector<Quota> quotas = post_quotas();
  EXPECT_EQ(quotas[0].default_in("us-east-1"), 100);
  EXPECT_EQ(quotas[0].default_in("eu-west-1"), 20);
  EXPECT_TRUE(quotas[0].is_offered_in("eu-west-1"));
  EXPECT_FALSE(quotas[1].is_offered_in("eu-west-1"));
}

TEST(QuotaBook, RaisesAValueForWhoeverHoldsItAlready) {
  QuotaBook book;
  const QuotaBook::Applied held = book.applied("111122223333", "us-east-1", "post", "L-2", 100);
  double told = 0;
  book.on_change([&] { told = held.value(); });
  EXPECT_EQ(held.value(), 100);
  book.raise("111122223333", "us-east-1", "post", "L-2", 300);
  EXPECT_EQ(held.value(), 300);
  EXPECT_EQ(book.applied("111122223333", "us-east-1", "post", "L-2", 100).value(), 300) << "and for who asks later";
  EXPECT_EQ(book.raised("111122223333", "us-east-1", "post", "L-2"), 300);
  EXPECT_EQ(told, 300) << "whoever listens finds the new value";
}

TEST(QuotaBook, RaisesNothingOfOtherAccountsRegionsAndQuotas) {
  QuotaBook book;
  book.raise("111122223333", "us-east-1", "post", "L-2", 300);
  EXPECT_EQ(book.applied("444455556666", "us-east-1", "post", "L-2", 100).value(), 100);
  EXPECT_EQ(book.applied("111122223333", "eu-west-1", "post", "L-2", 20).value(), 20);
  EXPECT_EQ(book.raised("111122223333", "us-east-1", "post", "L-1"), std::nullopt);
}

TEST(QuotaBook, RestoresTheDefaultsOfOneAccountOrOfAll) {
  QuotaBook book;
  const QuotaBook::Applied ours = book.applied("111122223333", "us-east-1", "post", "L-2", 100);
  const QuotaBook::Applied theirs = book.applied("444455556666", "us-east-1", "post", "L-2", 100);
  book.raise("111122223333", "us-east-1", "post", "L-2", 300);
  book.raise("444455556666", "us-east-1", "post", "L-2", 400);
  book.restore_defaults("111122223333");
  EXPECT_EQ(ours.value(), 100);
  EXPECT_EQ(theirs.value(), 400);
  book.restore_defaults(std::nullopt);
  EXPECT_EQ(theirs.value(), 100);
}

}  // namespace
}  // namespace outcrop
