#include "runner/output.h"

#include "runner/limits.h"

namespace outcrop::runner {

// A runtime knows the machine's time alone, and may say what it likes: what is far from the clock's is not believed.
Instant Output::time_of(std::optional<Instant> said) const {
  const Instant now = clock_.wall();
  return said && *said >= now - limits::record_time_off_max && *said <= now + limits::record_time_off_max ? *said : now;
}

void Output::watch(ProcessCommand& command, bool has_records) {
  std::shared_ptr<Output> self = shared_from_this();
  command.on_line = [self](std::string_view line) { self->add(self->clock_.wall(), std::nullopt, line); };
  if (!has_records) return;
  auto frames = std::make_shared<RecordFrames>(
      [self](std::optional<Instant> at, uint32_t type, std::string_view text) { self->add(self->time_of(at), type, text); });
  command.on_records = [frames](std::string_view bytes) { frames->feed(bytes); };
}

// The reading thread waits for the loop when much is written, so what waits here is bounded.
void Output::add(Instant at, std::optional<uint32_t> record_type, std::string_view text) {
  std::scoped_lock lock(mutex_);
  entries_.push_back({at, record_type, std::string(text)});
  if (entries_.size() == 1) home_.post([self = shared_from_this()] { self->hand_over(); });
}

void Output::hand_over() {
  std::vector<Entry> entries;
  {
    std::scoped_lock lock(mutex_);
    entries.swap(entries_);
  }
  for (const Entry& entry : entries) {
    if (!log_) return;
    entry.record_type ? log_->wrote_record(entry.at, *entry.record_type, entry.text) : log_->wrote(entry.at, entry.text);
  }
}

}  // namespace outcrop::runner
