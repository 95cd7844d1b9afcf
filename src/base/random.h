// Chance behind an interface: a seed reproduces every random test.
#pragma once
#include <cstdint>
#include <random>
#include <span>
#include <string>

namespace outcrop {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) = 0;  // thread-safe

  uint64_t next();
  double unit();                   // in [0, 1)
  uint64_t below(uint64_t bound);  // in [0, bound)
  std::string uuid();              // version 4, lower case, with hyphens
  std::string alphanumeric(size_t length);
};

// The operating system's generator, buffered per thread.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

// Reproducible; not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::byte> out) override;

 private:
  std::mt19937_64 engine_;
};

}  // namespace outcrop
