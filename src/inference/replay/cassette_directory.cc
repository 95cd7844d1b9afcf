#include "inference/replay/cassette_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "inference/replay/limits.h"
#include "store/files.h"

namespace outcrop::inference {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view cassette_suffix = ".json";

std::unexpected<Fault> unusable(std::string what) { return fail("InvalidConfiguration", 400, std::move(what)); }
std::unexpected<Fault> not_recorded(std::string_view why) {
  return fail("ModelErrorException", 424, fmt::format("The exchange could not be recorded: {}", why));
}

std::string file_of(std::string_view exact_key, int sequence) { return fmt::format("{}.{}{}", exact_key, sequence, cassette_suffix); }

std::string exact_key_of(const Cassette& cassette) { return key_of({cassette.kind, cassette.model_id, cassette.request}, Match::exact); }

std::string shown(std::string_view text) {
  if (text.empty()) return "nothing";
  if (text.size() <= limits::shown_text_max) return fmt::format("'{}'", text);
  size_t end = limits::shown_text_max;
  while (end > 0 && (uint8_t(text[end]) & 0xc0) == 0x80) --end;  // not within a character
  return fmt::format("'{}…'", text.substr(0, end));
}

}  // namespace

Result<std::unique_ptr<CassetteDirectory>> CassetteDirectory::open(std::string path, bool must_exist) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    if (must_exist) return unusable(fmt::format("there is no directory of cassettes at {}: record some first", path));
    if (auto made = store::make_directory(path); !made) return unusable(made.error().message);
  }
  auto directory = std::unique_ptr<CassetteDirectory>(new CassetteDirectory(std::move(path)));
  if (auto loaded = directory->load(); !loaded) return fail(std::move(loaded.error()));
  return directory;
}

Result<void> CassetteDirectory::load() {
  std::error_code error;
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    std::string name = entry.path().filename().string();
    if (name.ends_with(cassette_suffix)) names.push_back(std::move(name));
    if (names.size() > limits::cassettes_max) return unusable(fmt::format("{} holds more than {} cassettes", path_, limits::cassettes_max));
  }
  if (error) return unusable(fmt::format("{} cannot be read: {}", path_, error.message()));
  uint64_t bytes = 0;
  for (const std::string& name : names) {
    if (auto loaded = load_file(name, bytes); !loaded) return loaded;
  }
  return {};
}

Result<void> CassetteDirectory::load_file(const std::string& name, uint64_t& bytes) {
  auto text = store::read_file(path_of(name), limits::cassette_bytes_max);
  if (!text) return unusable(text.error().message);
  if (!*text) return {};
  bytes += (*text)->size();
  if (bytes > limits::cassettes_bytes_max)
    return unusable(fmt::format("the cassettes of {} have more than {} bytes", path_, limits::cassettes_bytes_max));
  auto cassette = read_cassette(**text);
  if (!cassette) return unusable(fmt::format("{} is no cassette: {}", path_of(name), cassette.error().message));
  enter(*cassette, name);
  return {};
}

void CassetteDirectory::enter(const Cassette& cassette, const std::string& file) {
  ++files_;
  for (Match match : {Match::exact, Match::normalised}) {
    Track& track = tracks_[key_of({cassette.kind, cassette.model_id, cassette.request}, match)];
    const Entry entry{file, cassette.kind, cassette.recorded, cassette.sequence};
    auto comes_before = [](const Entry& a, const Entry& b) {
      return std::tie(a.recorded, a.sequence, a.file) < std::tie(b.recorded, b.sequence, b.file);
    };
    track.entries.insert(std::ranges::upper_bound(track.entries, entry, comes_before), entry);
  }
}

std::optional<std::string> CassetteDirectory::next(const std::string& key) {
  std::scoped_lock lock(mutex_);
  const auto found = tracks_.find(key);
  if (found == tracks_.end() || found->second.entries.empty()) return std::nullopt;
  Track& track = found->second;
  return track.entries[std::min(track.played++, track.entries.size() - 1)].file;
}

void CassetteDirectory::rewind() {
  std::scoped_lock lock(mutex_);
  for (auto& [key, track] : tracks_) track.played = 0;
}

Result<Cassette> CassetteDirectory::read(const std::string& file) const {
  auto gone = [&](std::string_view why) {
    return fail("ModelErrorException", 424, fmt::format("The cassette {} cannot be played: {}.", file, why));
  };
  auto text = store::read_file(path_of(file), limits::cassette_bytes_max);
  if (!text) return gone(text.error().message);
  if (!*text) return gone("it has gone");
  auto cassette = read_cassette(**text);
  if (!cassette) return gone(cassette.error().message);
  return cassette;
}

int CassetteDirectory::begin_recording(const std::string& exact_key) {
  std::scoped_lock lock(mutex_);
  return ++begun_[exact_key];
}

Result<void> CassetteDirectory::write(const Cassette& cassette, Earlier earlier) {
  const std::string key = exact_key_of(cassette), file = file_of(key, cassette.sequence), text = write_cassette(cassette);
  if (text.size() > limits::cassette_bytes_max) return not_recorded("it is larger than a cassette may be");
  // What cannot be played must not be found out when the provider is gone.
  if (auto readable = read_cassette(text); !readable) return not_recorded(readable.error().message);
  {
    std::scoped_lock lock(mutex_);
    if (earlier == Earlier::replaced && renewed_.insert(key).second) remove_earlier(key);
    if (files_ >= limits::cassettes_max) return not_recorded("there are as many cassettes as there may be");
  }
  if (auto written = store::write_file(path_of(file), text); !written) return not_recorded(written.error().message);
  std::scoped_lock lock(mutex_);
  enter(cassette, file);
  return {};
}

void CassetteDirectory::remove_earlier(const std::string& exact_key) {
  std::set<std::string> gone;
  for (const Entry& entry : tracks_[exact_key].entries) gone.insert(entry.file);
  for (const std::string& file : gone) {
    std::error_code ignored;
    fs::remove(path_of(file), ignored);
  }
  for (auto& [key, track] : tracks_) std::erase_if(track.entries, [&](const Entry& entry) { return gone.contains(entry.file); });
  files_ -= gone.size();
}

std::string CassetteDirectory::nearest(const RecordedRequest& request, Match match) const {
  std::set<std::string> files;
  {
    std::scoped_lock lock(mutex_);
    for (const auto& [key, track] : tracks_) {
      for (const Entry& entry : track.entries) {
        if (entry.kind == request.kind) files.insert(entry.file);
      }
    }
  }
  auto compared = [match](const json::Value& value) { return match == Match::exact ? value : normalised(value); };
  const json::Value asked = compared(request.value);
  std::string sentence;
  double best = -1;
  size_t compared_files = 0;
  for (const std::string& file : files) {
    if (++compared_files > limits::compared_cassettes_max) break;
    auto cassette = read(file);
    if (!cassette) continue;
    Difference found = difference(asked, compared(cassette->request));
    if (cassette->model_id != request.model_id) found = {found.likeness, "modelId", request.model_id, cassette->model_id};
    if (found.likeness <= best) continue;
    best = found.likeness;
    sentence =
        fmt::format("The nearest is {}, which has {} instead of {} at {}.", file, shown(found.there), shown(found.here), found.place);
  }
  return sentence;
}

}  // namespace outcrop::inference
