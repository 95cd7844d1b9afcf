// awsQuery: forms in, XML out (Smithy's awsQuery protocol). Parameters of nested structures have dotted names:
// "Entries.member.1.Id", "Attribute.2.Name". They are sorted once, so that each structure, list and map is a
// range of them, which this walks by the shape tables.
#include <algorithm>
#include <charconv>

#include "json/utf8.h"
#include "wire/error_writing.h"
#include "wire/form.h"
#include "wire/limits.h"
#include "wire/protocol.h"
#include "wire/scalar_text.h"
#include "wire/xml_shapes.h"

namespace outcrop::wire {

namespace {

// A run of the sorted fields whose names share a prefix.
using FieldRange = std::span<const FormField>;

// What is known of one name: its own value, and the parameters below it ("name." and more).
struct Parameter {
  const FormField* own = nullptr;
  FieldRange nested;
  size_t prefix = 0;  // of the nested names: what to leave out to get the next part

  bool is_absent() const { return !own && nested.empty(); }
  std::string_view name() const { return own ? own->name : nested.front().name.substr(0, prefix - 1); }
};

// The wordings of AWS's own query front ends.
constexpr std::string_view nested_where_scalar = "Start of list found where not expected";
constexpr std::string_view scalar_where_structure = "Unexpected complex element termination";
constexpr std::string_view scalar_where_list = "Unexpected list element termination";

std::unexpected<Fault> malformed_input(std::string_view message) { return fail("MalformedInput", 400, std::string(message)); }

// What comes after the first `prefix` bytes of a name, up to the next dot.
std::string_view part_of(const FormField& field, size_t prefix) {
  std::string_view rest = field.name.substr(prefix);
  return rest.substr(0, rest.find('.'));
}

class FormDecoder {
 public:
  explicit FormDecoder(Missing& missing) : missing_(missing) {}

  Result<void> structure(const Shape& shape, FieldRange range, size_t prefix, void* out, const Path& path) {
    if (++depth_ > limits::request_depth_max) return malformed_input("The parameters are nested too deeply");
    uint64_t seen = 0;
    for (size_t i = 0; i < shape.members.size(); ++i) {
      const Member& member = shape.members[i];
      Parameter parameter = find(range, prefix, member.wire_name);
      if (parameter.is_absent()) continue;
      if (i < 64) seen |= uint64_t(1) << i;
      if (auto done = value(*member.shape, parameter, member.is(Member::flattened), member.emplace(out), path.child(member)); !done)
        return done;
    }
    missing_.note(shape, seen, path);
    --depth_;
    return {};
  }

 private:
  // `name` among the parts that come after the prefix in `range`. Of duplicates the last counts.
  static Parameter find(FieldRange range, size_t prefix, std::string_view name) {
    auto first = std::ranges::partition_point(range, [&](const FormField& field) { return field.name.substr(prefix) < name; });
    auto after = std::partition_point(first, range.end(), [&](const FormField& field) { return field.name.substr(prefix) == name; });
    Parameter found{.prefix = prefix + name.size() + 1};
    if (after != first) found.own = &*(after - 1);
    auto order = [&](const FormField& field) {  // against all names that begin with `name` and a dot
      std::string_view rest = field.name.substr(prefix);
      if (int by_name = rest.substr(0, name.size()).compare(name)) return by_name;
      return rest.size() > name.size() ? int(uint8_t(rest[name.size()])) - '.' : -1;
    };
    auto below = std::partition_point(after, range.end(), [&](const FormField& field) { return order(field) < 0; });
    auto end = std::partition_point(below, range.end(), [&](const FormField& field) { return order(field) == 0; });
    found.nested = {below, end};
    return found;
  }

  Result<void> value(const Shape& shape, const Parameter& parameter, bool flattened, void* out, const Path& path) {
    bool has_text = parameter.own && !parameter.own->value.empty();
    switch (shape.kind) {
      case Kind::structure:
      case Kind::union_:
        if (has_text) return malformed_input(scalar_where_structure);
        return structure(shape, parameter.nested, parameter.prefix, out, path);
      case Kind::list:
        if (has_text) return malformed_input(scalar_where_list);
        return list(shape, flattened ? parameter : find(parameter.nested, parameter.prefix, shape.element_name), out, path);
      case Kind::map:
        if (has_text) return malformed_input(scalar_where_list);
        return map(shape, flattened ? parameter : find(parameter.nested, parameter.prefix, "entry"), out, path);
      case Kind::document:
        return malformed_input("The query protocol carries no documents");
      case Kind::stream:
        return malformed_input("The query protocol carries no streams");
      default:
        return scalar(shape, parameter, out);
    }
  }

  static Result<void> scalar(const Shape& shape, const Parameter& parameter, void* out) {
    if (!parameter.nested.empty()) return malformed_input(nested_where_scalar);
    auto parsed = parse_scalar(parameter.own->value, shape, out, TimestampFormat::date_time);
    if (parsed) return {};
    if (shape.sensitive) return malformed_input(fmt::format("The value of parameter {} {}", parameter.own->name, parsed.error()));
    return malformed_input(fmt::format("Value '{}' of parameter {} {}", parameter.own->value, parameter.own->name, parsed.error()));
  }

  // The numbered parameters below `parameter`, by number. Gaps close: what is kept grows with what was sent, not
  // with the numbers in it.
  static Result<std::vector<Parameter>> numbered(const Parameter& parameter) {
    std::vector<std::pair<uint32_t, Parameter>> found;
    for (size_t i = 0; i < parameter.nested.size();) {
      std::string_view part = part_of(parameter.nested[i], parameter.prefix);
      uint32_t number = 0;
      auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
      if (error != std::errc() || end != part.data() + part.size())
        return malformed_input(fmt::format("Parameter {} has no number where one is expected", parameter.nested[i].name));
      size_t after = i;
      while (after < parameter.nested.size() && part_of(parameter.nested[after], parameter.prefix) == part) ++after;
      found.emplace_back(number, find(parameter.nested.subspan(i, after - i), parameter.prefix, part));
      i = after;
    }
    std::ranges::sort(found, {}, &std::pair<uint32_t, Parameter>::first);
    std::vector<Parameter> ordered;
    ordered.reserve(found.size());
    for (auto& [number, at] : found) ordered.push_back(at);
    return ordered;
  }

  Result<void> list(const Shape& shape, const Parameter& parameter, void* out, const Path& path) {
    Result<std::vector<Parameter>> elements = numbered(parameter);
    if (!elements) return fail(std::move(elements.error()));
    for (size_t i = 0; i < elements->size(); ++i) {
      void* element = shape.list->append(out);
      if (shape.presence) element = shape.presence->emplace(element);
      if (auto done = value(*shape.element, (*elements)[i], false, element, path.element(i)); !done) return done;
    }
    return {};
  }

  Result<void> map(const Shape& shape, const Parameter& parameter, void* out, const Path& path) {
    Result<std::vector<Parameter>> entries = numbered(parameter);
    if (!entries) return fail(std::move(entries.error()));
    for (const Parameter& entry : *entries) {
      Parameter key = find(entry.nested, entry.prefix, shape.key_name);
      Parameter held = find(entry.nested, entry.prefix, shape.element_name);
      if (!key.own) return malformed_input(fmt::format("The map entry {} has no {}", entry.name(), shape.key_name));
      if (held.is_absent()) return malformed_input(fmt::format("The map entry {} has no {}", entry.name(), shape.element_name));
      void* slot = shape.map->insert(out, key.own->value);
      if (shape.presence) slot = shape.presence->emplace(slot);
      if (auto done = value(*shape.element, held, false, slot, path.value(key.own->value)); !done) return done;
    }
    return {};
  }

  Missing& missing_;
  int depth_ = 0;
};

// SQS's queries may name their queue by the URL they are sent to instead of a parameter.
void add_queue_url(std::vector<FormField>& fields, const Shape& shape, const net::RequestHead& head, std::string& url) {
  auto is_queue_url = [](std::string_view name) { return name == "QueueUrl"; };
  if (head.path.size() <= 1 || !std::ranges::any_of(shape.members, is_queue_url, &Member::wire_name)) return;
  if (std::ranges::any_of(fields, is_queue_url, &FormField::name)) return;
  url = fmt::format("{}://{}{}", head.tls ? "https" : "http", head.host, head.path);
  if (json::valid_utf8_prefix(url) == url.size()) fields.push_back({"QueueUrl", url});
}

class AwsQuery final : public Protocol {
 public:
  Result<void> decode(const ServiceModel& service, const Operation& operation, const Request& request, void* input,
                      Missing& missing) const override {
    std::string_view texts[] = {request.head.query, request.body};
    Result<Form> form = Form::parse(texts);
    if (!form) return fail(std::move(form.error()));
    std::vector<FormField> fields(form->fields().begin(), form->fields().end());
    std::string queue_url;
    add_queue_url(fields, *operation.input, request.head, queue_url);
    // Fields of one name stay in the order in which they came: their values lie so in the form.
    std::ranges::sort(fields, {}, [](const FormField& field) { return std::pair(field.name, field.value.data()); });
    return FormDecoder(missing).structure(*operation.input, fields, 0, input, Path());
  }

  Response encode(const ServiceModel& service, const Operation& operation, const void* output, std::string_view request_id) const override {
    Response response{.head = {.status = operation.status}};
    XmlWriter writer(response.body);
    std::string root = std::string(operation.name) + "Response";
    writer.open(root);
    if (!service.xml_namespace.empty()) writer.xml_namespace(service.xml_namespace);
    bool has_members = operation.output && !operation.output->members.empty();
    std::string wrapper(operation.result_wrapper);
    if (wrapper.empty() && has_members) wrapper = std::string(operation.name) + "Result";
    if (!wrapper.empty()) {
      writer.open(wrapper);
      if (has_members) write_xml_members(writer, *operation.output, output);
      writer.close(wrapper);
    }
    writer.open("ResponseMetadata");
    writer.element("RequestId", request_id);
    writer.close("ResponseMetadata");
    writer.close(root);
    set_headers(response, request_id);
    return response;
  }

  Response encode_fault(const ServiceModel* service, const Fault& fault, std::string_view request_id) const override {
    const ErrorShape* known = service ? service->find_error(fault.code) : nullptr;
    bool sender = known ? known->sender : fault.is_senders();
    Response response{.head = {.status = fault.status}};
    XmlWriter writer(response.body);
    writer.open("ErrorResponse");
    // The namespace AWS's front end answers with before it knows the service.
    writer.xml_namespace(service && !service->xml_namespace.empty() ? service->xml_namespace
                                                                    : "http://webservices.amazon.com/AWSFault/2005-15-09");
    writer.open("Error");
    writer.element("Type", sender ? "Sender" : "Receiver");
    writer.element("Code", known && !known->code.empty() ? known->code : std::string_view(fault.code));
    write_error_members(fault, writer);
    if (service && service->detailed_errors) writer.element("Detail", "");
    writer.close("Error");
    writer.element("RequestId", request_id);
    writer.close("ErrorResponse");
    set_headers(response, request_id);
    return response;
  }

 private:
  static void set_headers(Response& response, std::string_view request_id) {
    response.head.headers.add("content-type", "text/xml");
    response.head.headers.add("x-amzn-RequestId", std::string(request_id));
  }
};

}  // namespace

const Protocol& aws_query() {
  static const AwsQuery protocol;
  return protocol;
}

}  // namespace outcrop::wire
