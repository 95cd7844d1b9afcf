// The cassettes of a directory, KEY.SEQUENCE.json each, KEY being that of the exact request. What is in memory is which of them answer
// which request; they are read when they are played, so that a changed text counts at once. Equal requests are answered in the order in
// which they were recorded, and after the last recording by the last again. Thread-safe; what it does blocks: see ThreadPool.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "inference/replay/exchange.h"

namespace outcrop::inference {

class CassetteDirectory {
 public:
  // Reads all of them. Fault: InvalidConfiguration 400 for a directory that cannot be read or holds more than limits.h allows, and for a
  // cassette that is none, by its name. A directory that is not there is made, unless it `must_exist`.
  static Result<std::unique_ptr<CassetteDirectory>> open(std::string path, bool must_exist);

  // The name of the file that answers next; none where there is none.
  std::optional<std::string> next(const std::string& key);
  // Faults with ModelErrorException 424 when it has gone, or is no cassette any more.
  Result<Cassette> read(const std::string& file) const;

  // What recording is to write: the place of a recording among those of its request is that of its beginning.
  enum class Earlier { kept, replaced };
  int begin_recording(const std::string& exact_key);
  // Whole or not at all. Earlier recordings of the same request are replaced by the first one that this process writes, or kept.
  // Fault: ModelErrorException 424, which no client tries again.
  Result<void> write(const Cassette& cassette, Earlier earlier);

  // Where a request that no cassette answers comes nearest to one, as a sentence; empty where there are none of its kind.
  std::string nearest(const RecordedRequest& request, Match match) const;

  // Every request is answered by its first recording again.
  void rewind();

 private:
  struct Entry {
    std::string file;
    ExchangeKind kind;
    Instant recorded;
    int sequence = 1;
  };
  struct Track {
    std::vector<Entry> entries;  // in the order of recording
    size_t played = 0;
  };

  explicit CassetteDirectory(std::string path) : path_(std::move(path)) {}
  Result<void> load();
  Result<void> load_file(const std::string& name, uint64_t& bytes);
  void enter(const Cassette& cassette, const std::string& file);
  void remove_earlier(const std::string& exact_key);
  std::string path_of(const std::string& file) const { return path_ + "/" + file; }

  const std::string path_;
  mutable std::mutex mutex_;
  std::map<std::string, Track> tracks_;  // guarded by mutex_, as what follows; by exact keys and by normalised ones
  size_t files_ = 0;
  std::map<std::string, int> begun_;  // recordings by exact key, since the process began
  std::set<std::string> renewed_;     // exact keys whose earlier recordings have gone
};

}  // namespace outcrop::inference
