// The language of mapping templates: Velocity 1.7's, as API Gateway runs it. What API Gateway adds is in mapping_template_test.cc.
#include "expr/velocity.h"

#include <gtest/gtest.h>

namespace outcrop::expr {
namespace {

std::string rendered_text(std::string_view text) {
  auto parsed = VelocityTemplate::parse(text);
  EXPECT_TRUE(parsed) << parsed.error().message();
  if (!parsed) return "(syntax)";
  auto result = parsed->render({});
  EXPECT_TRUE(result) << result.error().message();
  return result ? result->text : "(error)";
}

std::string syntax_error(std::string_view text) {
  auto parsed = VelocityTemplate::parse(text);
  if (parsed) return "(parsed)";
  EXPECT_EQ(parsed.error().kind, TemplateError::Kind::syntax);
  return parsed.error().message();
}

std::string limit_error(std::string_view text) {
  auto parsed = VelocityTemplate::parse(text);
  if (!parsed) return parsed.error().message();
  auto result = parsed->render({});
  if (result) return "(rendered)";
  EXPECT_EQ(result.error().kind, TemplateError::Kind::too_much);
  return result.error().problem;
}

TEST(VelocityTest, ReferencesAreReplaced) {
  EXPECT_EQ(rendered_text("#set($a = 'x')$a ${a}y $!a $!{a}z"), "x xy x xz");
  EXPECT_EQ(rendered_text("#set($m = {'b': {'c': [1, 2]}})$m.b.c[1] ${m.b.c.get(0)} $m['b'].c.size()"), "2 1 2");
}

TEST(VelocityTest, WhatIsNullIsNothing) { EXPECT_EQ(rendered_text("a$b ${c} $!d $e.f.g() $h[0]."), "a    ."); }

TEST(VelocityTest, AnAlternativeStandsForWhatIsNullOrEmpty) {
  EXPECT_EQ(rendered_text("#set($empty = '')${a|'none'} ${empty|\"-\"} ${b.c|3}"), "none - 3");
}

TEST(VelocityTest, WhatIsNoReferenceIsText) {
  EXPECT_EQ(rendered_text("$ $1 $$ cost: $5.00 a$"), "$ $1 $$ cost: $5.00 a$");
  EXPECT_EQ(rendered_text("#set($a = 1)$a. $a.! $a[b] # #a #1 #foobar #ffffff"), "1. 1.! 1[b] # #a #1 #foobar #ffffff");
}

TEST(VelocityTest, BackslashesTakeTheMeaningOfWhatFollows) {
  EXPECT_EQ(rendered_text("#set($a = 1)\\$a \\\\$a \\$b \\n \\#if \\#foo \\\\"), "$a \\1 \\$b \\n #if \\#foo \\\\");
  EXPECT_EQ(rendered_text("\\#set($a = 1)"), "#set( = 1)");
}

TEST(VelocityTest, CommentsAreNotRendered) {
  EXPECT_EQ(rendered_text("a ## b\nc#* d\n *#e"), "a ce");
  EXPECT_EQ(rendered_text("a##"), "a");
}

TEST(VelocityTest, WhatIsInDoubleBracketsIsRenderedAsItIs) { EXPECT_EQ(rendered_text("#[[ $a #if ## ]]#!"), " $a #if ## !"); }

TEST(VelocityTest, ADirectiveTakesTheRestOfItsLineWhereThatIsBlank) {
  EXPECT_EQ(rendered_text("#set($a = 1)  \nx\n  #if(true) \n  y\n  #end\nz"), "x\n    y\n  z");
  EXPECT_EQ(rendered_text("#if(true) y#else z#end !"), " y !");
}

TEST(VelocityTest, ConditionsChooseABlock) {
  EXPECT_EQ(rendered_text("#set($n = 2)#if($n == 1)a#elseif($n == 2)b#{else}c#end"), "b");
  EXPECT_EQ(rendered_text("#if($n)a#{elseif}(false)b#{else}c#{end}d"), "cd");
}

TEST(VelocityTest, NullAndFalseAreFalse) {
  EXPECT_EQ(rendered_text("#if($a)a#end#if(false)b#end#if('')c#end#if(0)d#end#if([])e#end"), "cde");
}

TEST(VelocityTest, OperatorsAreWrittenInSymbolsAndWords) {
  EXPECT_EQ(rendered_text("#if(1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 2 && 1 != 2 && 1 == 1)y#end"), "y");
  EXPECT_EQ(rendered_text("#if(1 lt 2 and 2 le 2 and 3 gt 2 and 2 ge 2 and 1 ne 2 and 1 eq 1)y#end"), "y");
  EXPECT_EQ(rendered_text("#if(not false and (false or true) && !$a)y#end"), "y");
}

TEST(VelocityTest, ArithmeticIsJavas) {
  EXPECT_EQ(rendered_text("#set($a = 7)#set($b = $a / 2)#set($c = $a % 4)#set($d = 1 + 2 * 3 - (4 - 1))$b $c $d"), "3 3 4");
  EXPECT_EQ(rendered_text("#set($a = 7.0 / 2)#set($b = 1.5 + 1)#set($c = -3)#set($d = 10000000.0)$a $b $c $d"), "3.5 2.5 -3 1.0E7");
  EXPECT_EQ(rendered_text("#set($a = 1)#set($a = $a / 0)$a"), "1");
  EXPECT_EQ(rendered_text("#set($a = 9223372036854775807)#set($b = $a + 1)$b"), "9.223372036854776E18");
}

TEST(VelocityTest, TextsAreJoined) { EXPECT_EQ(rendered_text("#set($a = 'x' + 1 + \"y\")$a"), "x1y"); }

TEST(VelocityTest, EqualityIsOfTextsWhereKindsDiffer) {
  EXPECT_EQ(rendered_text("#if('1' == 1)a#end#if(1 == 1.0)b#end#if('true' == true)c#end#if($x == $y)d#end#if('' == $x)e#end"), "abcd");
  EXPECT_EQ(rendered_text("#if([1, 'a'] == [1, 'a'])a#end#if({'k': 1} == {'k': 1})b#end"), "ab");
}

TEST(VelocityTest, WhatIsNoNumberIsNotCompared) { EXPECT_EQ(rendered_text("#if('b' > 'a')a#end#if($x < 1)b#end"), ""); }

TEST(VelocityTest, DoubleQuotesAreTemplates) {
  EXPECT_EQ(rendered_text("#set($a = 'x')#set($b = \"<$a ${a}y #if(true)z#end \"\"q\"\">\")$b"), "<x xy z \"q\">");
  EXPECT_EQ(rendered_text("#set($a = '$b ''q'' #if')$a"), "$b 'q' #if");
}

TEST(VelocityTest, WhatIsNullIsNotAssigned) { EXPECT_EQ(rendered_text("#set($a = 1)#set($a = $b.c)$a"), "1"); }

TEST(VelocityTest, MembersAndElementsAreAssigned) {
  EXPECT_EQ(rendered_text("#set($m = {})#set($m.a = 1)#set($m['b-c'] = 2)$m"), "{a=1, b-c=2}");
  EXPECT_EQ(rendered_text("#set($l = [1, 2])#set($l[0] = 'x')$l"), "[x, 2]");
}

TEST(VelocityTest, ListsAndMapsAreShared) { EXPECT_EQ(rendered_text("#set($a = [])#set($b = $a)#set($ok = $b.add(1))$a $ok"), "[1] true"); }

TEST(VelocityTest, ForeachGoesThroughListsMapsAndRanges) {
  EXPECT_EQ(rendered_text("#foreach($i in ['a', 'b'])$i;#end"), "a;b;");
  EXPECT_EQ(rendered_text("#foreach($v in {'x': 1, 'y': 2})$v;#end"), "1;2;");
  EXPECT_EQ(rendered_text("#foreach($i in [1..3])$i#end #foreach($i in [2..-1])$i#end"), "123 210-1");
  EXPECT_EQ(rendered_text("#foreach($i in $none)$i#end#foreach($i in 'text')$i#end"), "");
}

TEST(VelocityTest, ForeachKnowsWhereItIs) {
  EXPECT_EQ(rendered_text("#foreach($i in ['a', 'b', 'c'])$foreach.count$foreach.index$velocityCount$i#if($foreach.hasNext),#end#end"),
            "101a,212b,323c");
  EXPECT_EQ(rendered_text("#foreach($i in [1, 2])#if($foreach.first)[#end$i#if($foreach.last)]#end#end"), "[12]");
  EXPECT_EQ(rendered_text("#foreach($i in [1, 2])#foreach($j in [1, 2])$foreach.parent.count$j #end#end"), "11 12 21 22 ");
}

TEST(VelocityTest, ForeachLeavesItsVariablesAsTheyWere) {
  EXPECT_EQ(rendered_text("#set($i = 'x')#foreach($i in [1])$i#end$i$!foreach.count"), "1x");
}

TEST(VelocityTest, BreakLeavesALoopAndStopTheTemplate) {
  EXPECT_EQ(rendered_text("#foreach($i in [1..9])#if($i == 3)#break#end$i#end!"), "12!");
  EXPECT_EQ(rendered_text("a#foreach($i in [1..9])$i#if($i == 2)#stop#end#end!"), "a12");
}

TEST(VelocityTest, DefinedBlocksAreRenderedWhereTheyAreUsed) {
  EXPECT_EQ(rendered_text("#define($b)<$x>#end#set($x = 1)$b#set($x = 2)$b"), "<1><2>");
}

TEST(VelocityTest, MacrosAreCalledWithArguments) {
  EXPECT_EQ(rendered_text("#macro(pair $a $b)($a|$b)#end#pair(1 'x')#pair([1], \"y\")#pair(2)"), "(1|x)([1]|y)(2|)");
  EXPECT_EQ(rendered_text("#later(1)#macro(later $a)[$a]#end"), "[1]");
  EXPECT_EQ(rendered_text("#macro(wrap $t)<$t>$bodyContent</$t>#end#@wrap('b')x#end"), "<b>x</b>");
}

TEST(VelocityTest, ArgumentsHideVariables) { EXPECT_EQ(rendered_text("#set($a = 1)#macro(m $a)#set($a = $a + 1)$a#end#m(5)$a"), "61"); }

TEST(VelocityTest, MacrosMayCallThemselves) {
  EXPECT_EQ(rendered_text("#macro(down $n)$n#if($n > 0)#set($m = $n - 1)#down($m)#end#end#down(3)"), "3210");
}

TEST(VelocityTest, TextsHaveJavasMethods) {
  EXPECT_EQ(rendered_text("#set($s = ' a,b,,c,, ')$s.trim().split(',') $s.trim().split(',').size()"), "[a, b, , c] 4");
  EXPECT_EQ(rendered_text("#set($s = 'Hello')$s.length() $s.substring(1) $s.substring(1,3) $s.charAt(0) $s.indexOf('l') "
                          "$s.lastIndexOf('l') $s.indexOf('x')"),
            "5 ello el H 2 3 -1");
  EXPECT_EQ(
      rendered_text(
          "#set($s = 'Hello')$s.toUpperCase() $s.toLowerCase() $s.contains('ell') $s.startsWith('He') $s.endsWith('x') $s.equals('Hello')"),
      "HELLO hello true true false true");
  EXPECT_EQ(
      rendered_text("#set($s = 'a.b.c')$s.replace('.', '-') $s.replaceAll('[.]', '$0$0') $s.replaceFirst('\\.', '') $s.matches('a.*')"),
      "a-b-c a..b..c ab.c true");
  EXPECT_EQ(rendered_text("#set($s = '')$s.isEmpty() $s.empty $s.concat('x') $s.equalsIgnoreCase('')"), "true true x true");
  EXPECT_EQ(rendered_text("#set($s = 'key=value')$s.replaceAll('(\\w+)=(\\w+)', '$2=$1')"), "value=key");
}

TEST(VelocityTest, CharactersAreCountedAsJavaDoes) {
  EXPECT_EQ(rendered_text("#set($s = 'aü😀b')$s.length() $s.indexOf('b') $s.substring(4) $s.substring(0, 2)"), "5 4 b aü");
}

TEST(VelocityTest, ListsHaveJavasMethods) {
  EXPECT_EQ(
      rendered_text("#set($l = [3, 1])$!l.add(2)$!l.add(0, 'x')$l $l.get(1) $l.contains(2) $l.indexOf(1) $l.isEmpty() $l.subList(1, 3)"),
      "true[x, 3, 1, 2] 3 true 2 false [3, 1]");
  EXPECT_EQ(rendered_text("#set($l = [1, 2, 3])$l.remove(0) $l.addAll([4]) $l $l.size() $l.containsAll([4, 2])"),
            "1 true [2, 3, 4] 3 true");
  EXPECT_EQ(rendered_text("#set($l = [1])$!l.get(7)$!l.unknown()$!l[3]-"), "-");
}

TEST(VelocityTest, MapsHaveJavasMethods) {
  EXPECT_EQ(rendered_text("#set($m = {'a': 1})$!m.put('b', 2)$!m.putAll({'c': 3})$m $m.keySet() $m.values() $m.size() $m.containsKey('a')"),
            "{a=1, b=2, c=3} [a, b, c] [1, 2, 3] 3 true");
  EXPECT_EQ(rendered_text("#set($m = {'a': 1, 'b': 2})#foreach($e in $m.entrySet())$e.key:$e.value:$e.getKey() $e;#end"),
            "a:1:a a=1;b:2:b b=2;");
  EXPECT_EQ(rendered_text("#set($m = {'a': 1})$m.remove('a') $m.isEmpty() $m.getOrDefault('z', 9) $!m.get('a')"), "1 true 9 ");
}

TEST(VelocityTest, NumbersHaveJavasMethods) {
  EXPECT_EQ(rendered_text("#set($Integer = 0)$Integer.parseInt('42') $Integer.toString().length() $!Integer.parseInt('x')"), "42 1 ");
  EXPECT_EQ(rendered_text("#set($d = 2.75)$d.intValue() $d.toString().split('\\.')[1]"), "2 75");
}

TEST(VelocityTest, SyntaxErrorsSayWhere) {
  EXPECT_EQ(syntax_error("a\n  #if($x)b"), "line 2, column 6: #if without its #end");
  EXPECT_EQ(syntax_error("#set($a 1)"), "line 1, column 9: '=' is expected");
  EXPECT_EQ(syntax_error("#end"), "line 1, column 5: #end without a directive before it");
  EXPECT_EQ(syntax_error("#foreach($a of $b)#end"), "line 1, column 13: \"in\" is expected");
  EXPECT_EQ(syntax_error("${a"), "line 1, column 4: '}' is expected");
  EXPECT_EQ(syntax_error("$a.b('x"), "line 1, column 7: a text without its closing quote");
  EXPECT_EQ(syntax_error("\n#set($a = \"x #if(true)\")"), "line 2, column 17: #if without its #end");
  EXPECT_EQ(syntax_error("#parse('x')"), "line 1, column 1: API Gateway has no #parse");
  EXPECT_EQ(syntax_error(std::string(400'000, 'a')), "line 1, column 1: the template is larger than 307200 bytes");
}

TEST(VelocityTest, NestingIsBounded) {
  std::string deep, brackets = "#set($a = ";
  for (int i = 0; i < 200; ++i) deep += "#if(true)", brackets += "[";
  EXPECT_TRUE(syntax_error(deep).contains("nested too deep"));
  EXPECT_TRUE(syntax_error(brackets).contains("nested too deep"));
}

TEST(VelocityTest, ALoopEndsSilentlyAfterAThousandTurns) {
  EXPECT_EQ(rendered_text("#set($n = 0)#foreach($i in [1..5000])#set($n = $n + 1)#end$n"), "1000");
}

TEST(VelocityTest, RenderingIsBounded) {
  EXPECT_EQ(limit_error("#macro(m)#m()#end#m()"), "macros call each other deeper than 20");
  EXPECT_EQ(limit_error("#define($b)$b#end$b"), "blocks are rendered within each other deeper than 20");
  EXPECT_EQ(limit_error("#foreach($i in [1..1000])#foreach($j in [1..1000])$j#end#end"), "rendering takes too many steps");
  EXPECT_EQ(limit_error("#set($a = [1..1000000000])"), "rendering takes too many steps");
  EXPECT_EQ(limit_error("#set($s = 'aaaaaaaaaa')#foreach($i in [1..40])#set($s = $s + $s)#end"), "rendering takes too much memory");
  EXPECT_EQ(limit_error("#set($m = {})$!m.put('m', $m)$m"), "lists and maps are nested too deep");
  EXPECT_EQ(limit_error("#set($s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac!')$s.matches('(a+)+c')"),
            "a regular expression takes too many steps");
}

}  // namespace
}  // namespace outcrop::expr
