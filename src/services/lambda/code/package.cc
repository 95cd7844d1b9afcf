#include "services/lambda/code/package.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "services/lambda/code/limits.h"
#include "services/lambda/code/zip_archive.h"
#include "services/lambda/function/wording.h"
#include "store/blob_store.h"

namespace outcrop::lambda {

namespace {

// What says where the code is, of all that may; AWS wants one.
Result<void> check_source(const PackageSource& source) {
  if (source.image_uri) return fail(not_built("ImageUri", "functions do not run from container images."));
  if (source.source_kms_key_arn && !source.source_kms_key_arn->empty())
    return fail(not_built("SourceKMSKeyArn", "packages are not encrypted by a key of your own."));
  const bool is_in_s3 = source.s3_bucket || source.s3_key || source.s3_object_version;
  if (source.zip_file && is_in_s3)
    return fail(invalid_parameter_value_exception("Please provide exactly one of ZipFile or S3Bucket and S3Key."));
  if (is_in_s3) return fail(not_built("S3Bucket", "this server has no Amazon S3 yet; send the package as ZipFile."));
  return {};
}

}  // namespace

Task<Result<CodeRecord>> store_package(World& world, PackageSource source, bool may_be_absent) {
  co_await check_source(source);
  if (!source.zip_file) {
    if (!may_be_absent) co_return fail(invalid_parameter_value_exception("Please provide a source for function code."));
    co_return CodeRecord{.sha256 = hex(sha256(""))};
  }
  if (source.zip_file->size() > limits::zipped_bytes_max)
    co_return fail("RequestEntityTooLargeException", 413,
                   fmt::format("Zipped size must be smaller than {} bytes", limits::zipped_bytes_max));
  const std::string package = std::move(*source.zip_file);
  if (package.empty()) co_return fail(invalid_parameter_value_exception("Uploaded file must be a non-empty zip"));
  CodeRecord record;
  // Large packages have many names and digests to make: not on a thread that serves.
  co_await co_await keep(world.pool.run([&]() -> Result<void> {
    auto archive = ZipArchive::read(package);
    if (!archive) return fail(std::move(archive.error()));
    if (archive->entries().empty()) return fail(invalid_parameter_value_exception("Uploaded file must be a non-empty zip"));
    record.sha256 = hex(sha256(package));
    return {};
  }));
  record.bytes = static_cast<int64_t>(package.size());
  record.blob = co_await world.blobs.put(package);
  co_return record;
}

Task<void> drop_package(World& world, const CodeRecord& code) {
  if (code.blob.empty()) co_return;
  if (auto erased = co_await world.blobs.erase(code.blob); !erased)
    log::warning("the package of a function could not be removed", {{"reason", erased.error().message}});
}

}  // namespace outcrop::lambda
