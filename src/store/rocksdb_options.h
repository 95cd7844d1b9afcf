// How RocksDB is set up for this server: small when idle, quick to open, few threads, tables that stand the many
// point deletes of queues.
#pragma once
#include <rocksdb/options.h>

#include <cstddef>

namespace outcrop::store {

// Of what was read from disk: as configured, or for 0 a share of the memory there is.
size_t block_cache_capacity(size_t configured_bytes);

rocksdb::Options rocksdb_options(size_t block_cache_bytes, size_t write_buffer_bytes);

}  // namespace outcrop::store
