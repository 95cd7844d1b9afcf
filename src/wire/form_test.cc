#include "wire/form.h"

#include <gtest/gtest.h>

#include "wire/limits.h"

namespace outcrop::wire {
namespace {

std::string shown(std::string_view text) {
  Result<Form> form = Form::parse(text);
  if (!form) return form.error().code;
  std::string out;
  for (const FormField& field : form->fields()) out.append(field.name).append("=").append(field.value).append("|");
  return out;
}

TEST(Form, FieldsAreDecodedInOrder) {
  EXPECT_EQ(shown("Action=SendMessage&MessageBody=a+b%26c%3D%C3%A9&x"), "Action=SendMessage|MessageBody=a b&c=é|x=|");
  EXPECT_EQ(shown("&&a=1&&a=2&"), "a=1|a=2|");
  EXPECT_EQ(shown("a=b=c"), "a=b=c|");
  EXPECT_EQ(shown(""), "");
}

TEST(Form, SeveralTextsMakeOneForm) {
  std::string_view texts[] = {"Action=A", "B=2"};
  Form form = Form::parse(texts).value();
  Form moved = std::move(form);
  ASSERT_EQ(moved.fields().size(), 2u);
  EXPECT_EQ(moved.fields()[0].value, "A");
  EXPECT_EQ(moved.fields()[1].name, "B");
}

TEST(Form, MalformedTextsAreRefused) {
  for (const char* text : {"a=%", "a=%4", "a=%zz", "%=1", "a=%ff", "a=\xff", "%c3=%a9"})
    EXPECT_EQ(shown(text), "MalformedQueryString") << text;
}

TEST(Form, TheNumberOfFieldsIsBounded) {
  std::string text;
  for (size_t i = 0; i < limits::form_fields_max; ++i) text += "a&";
  EXPECT_TRUE(Form::parse(text));
  EXPECT_FALSE(Form::parse(text + "a"));
}

TEST(Form, OneValueIsFoundWithoutReadingAll) {
  EXPECT_EQ(find_form_value("x=%zz&Action=Send%4Dessage&Action=Other", "Action"), "SendMessage");
  EXPECT_EQ(find_form_value("%41ction=A", "Action"), "A");
  EXPECT_EQ(find_form_value("Actions=A", "Action"), std::nullopt);
}

}  // namespace
}  // namespace outcrop::wire
