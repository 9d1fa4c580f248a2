package roster.support;

import java.util.stream.Stream;

/// What people type for an e-mail address and no mail server takes; and what looks odd, but is one.
public final class AddressSamples {
    private AddressSamples() {}

    public static Stream<String> invalid() {
        return Stream.of(
            // Commas, brackets, slashes, quotation marks.
            "ann,lee@acme.test", "ann@acme,test", "ann@acme.test,", "ann@acme.test;", "ann;lee@acme.test",
            "ann@acme.test,bob@acme.test", "ann，lee@acme.test", "ann、lee@acme.test",
            "Ann Lee <ann@acme.test>", "<ann@acme.test>", "ann@acme.test>", "(ann@acme.test)", "ann(work)@acme.test",
            "ann[1]@acme.test", "[ann@acme.test]", "{ann}@acme.test", "ann@[192.0.2.1]", "（ann）@acme.test",
            "ann/lee@acme.test", "ann@acme.test/", "ann@acme.test/inbox", "ann\\lee@acme.test", "ann／lee@acme.test",
            "'ann@acme.test'", "'ann'@acme.test", "'ann@acme.test", "\"ann@acme.test\"", "\"ann\"@acme.test",
            "\"Ann Lee\"@acme.test", "“ann”@acme.test", "ann’s@acme.test", "«ann»@acme.test", "`ann@acme.test`",
            // A link, a label, a port, a query.
            "mailto:ann@acme.test", "mailto:ann@acme.test?subject=hi", "smtp:ann@acme.test", "http://ann@acme.test",
            "E-mail: ann@acme.test", "ann@https://acme.test", "ann@acme.test:25", "ann@acme.test?x=1",
            "ann@acme.test#1",
            // Dots and at signs.
            "ann.@acme.test", ".ann@acme.test", "ann..lee@acme.test", "ann@acme..test", "ann@.acme.test",
            "ann@acme.test.", "ann@acme.test..", "ann@@acme.test", "ann@lee@acme.test", "ann＠acme.test",
            "ann.acme.test",
            "ann at acme.test", "ann@", "@acme.test", "@", "ann@acme。", "ann@.",
            // Blanks and what cannot be seen.
            "ann lee@acme.test", " ann@acme.test", "ann@acme.test ", "ann@ acme.test", "ann@acme .test",
            "ann\t@acme.test", "ann\u00a0@acme.test", "ann\u3000@acme.test", "ann@acme\u00a0.test",
            "ann\u3164@acme.test", "\u3164@acme.test", "ann\u115f@acme.test", "ann\ufe0f@acme.test",
            "ann\u034f@acme.test",
            "ann\u2800@acme.test",
            "ann\u200b@acme.test", "ann\u202e@acme.test", "ann@ac\u202eme.test", "ann\r\nBcc: eve@evil.test@acme.test",
            // What stands for other letters, or for none.
            "\u017fe@acme.test", "o\ufb00ice@acme.test", "\uff41nn@acme.test", "\u24d0nn@acme.test", "\u00b5@acme.test",
            "a\ufffdnn@acme.test", "a\ufffcnn@acme.test", "a\ue000nn@acme.test", "a\u0378nn@acme.test",
            "\u0301ann@acme.test", "ann.\u0301lee@acme.test", "\u093eann@acme.test",
            // Numbers, which are addresses of hosts.
            "ann@127.0.0.1", "ann@0x7f.1", "ann@0X7F.0x1", "ann@127.1", "ann@2130706433", "ann@acme.1", "ann@acme.0x",
            "ann@\uff11\uff12\uff17.0.0.\uff11", "ann@m\u00fcnchen.7",
            // Domains.
            "ann@acme_mail.test", "ann@_acme.test", "ann@-acme.test", "ann@acme-.test", "ann@ac--me.test",
            "ann@acme!.test", "ann@acme$.test", "ann@ac*me.test", "ann@*.test", "ann@acme%test", "ann@xn--a.test",
            "ann@xn--mnchen-3y!.test", "ann@xn--.test", "ann@mün_chen.test", "ann@münchen,test", "ann@\u0301acme.test",
            "ann@" + "a".repeat(64) + ".test", "ann@" + "ü".repeat(60) + ".test",
            // Too long.
            "a".repeat(65) + "@acme.test", "é".repeat(65) + "@acme.test",
            "ann@" + ("a".repeat(49) + ".").repeat(5) + "test");
    }

    public static Stream<String> valid() {
        return Stream.of("ann@acme.test", "o'hara@acme.test", "ann+tag@acme.test", "ann.lee@mail.acme.test", "a@b",
            "!#$%&*+-=?^_~|@acme.test", "ann_@acme.test", "1@2.test", "ann@1.2.test", "ann@127.0.0.1x", "ann@0x7f.test",
            "ann@1.0xg",
            "ann-@acme.test",
            "-ann@acme.test", "_@acme.test", "ann`lee@acme.test", "josé@acme.test", "李@例え.テスト", "ann@ἑλλάς.test",
            "ann@a-b-c.test", "ann@" + "a".repeat(63) + ".test", "a".repeat(64) + "@acme.test",
            "é".repeat(64) + "@acme.test",
            "a".repeat(64) + "@" + ("b".repeat(46) + ".").repeat(4) + "c", "ann@3com.test", "ann@xn--80ak6aa92e.test",
            "ann@l·l.test", "дарья@пример.испытание", "ann@نامه\u200cای.test");
    }
}
