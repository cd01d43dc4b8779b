package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.medficientsam.casefile.InvalidCaseException;

/**
 * Parses the one Python literal an npy header may hold: a dict with exactly {@code descr}, {@code fortran_order} and
 * {@code shape}. Nothing is evaluated and anything else is refused.
 */
final class NpyHeaderParser {
    /** NumPy's own limit until version 2. */
    private static final int MAX_AXES = 32;

    private final String text;
    private final String field;
    private int at;

    NpyHeaderParser(String text, String field) {
        this.text = text;
        this.field = field;
    }

    NpyHeader header() {
        String descr = "";
        boolean fortranOrder = false;
        int[] shape = {};
        Set<String> seen = new HashSet<>();
        expect('{');
        while (!accept('}')) {
            String key = string();
            if (!seen.add(key)) throw syntax("each key once");
            expect(':');
            switch (key) {
                case "descr" -> descr = string();
                case "fortran_order" -> fortranOrder = bool();
                case "shape" -> shape = shape();
                default -> throw syntax("no key but descr, fortran_order and shape");
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (at != text.length()) throw syntax("nothing after its dict");
        if (seen.size() != 3) throw syntax("descr, fortran_order and shape");
        return new NpyHeader(dtype(descr), descr.charAt(0) == '>', fortranOrder, shape);
    }

    private DType dtype(String descr) {
        if (descr.length() > 1 && "<>|".indexOf(descr.charAt(0)) >= 0) {
            for (DType dtype : DType.values()) {
                boolean orderFits = dtype.itemSize() == 1 || descr.charAt(0) != '|';
                if (orderFits && dtype.descr().substring(1).equals(descr.substring(1))) return dtype;
            }
        }
        String found = descr.matches("[<>|=]?[A-Za-z][0-9]{0,9}") ? "dtype " + descr : "another dtype";
        throw malformed(field, "an array of bool, integers or floats", found);
    }

    private int[] shape() {
        int[] shape = new int[MAX_AXES];
        int axes = 0;
        expect('(');
        while (!accept(')')) {
            if (axes == MAX_AXES) throw malformed(field, "of at most " + MAX_AXES + " axes", "more");
            shape[axes++] = length();
            if (!accept(',')) {
                // Without a comma Python reads (3) as the number 3.
                if (axes == 1) throw syntax("a tuple as its shape");
                expect(')');
                break;
            }
        }
        return Arrays.copyOf(shape, axes);
    }

    private int length() {
        skipSpace();
        if (accept('-')) throw syntax("no negative length in its shape");
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        if (at == start) throw syntax("integers as its shape");
        String digits = text.substring(start, at);
        // Python 3 reads no 064, and so no NumPy wrote it.
        if (digits.length() > 1 && digits.charAt(0) == '0' && !digits.matches("0+"))
            throw syntax("integers without leading zeros as its shape");
        // Python 2 wrote long integers as 3L.
        if (at < text.length() && text.charAt(at) == 'L') at++;
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw tooLarge(field, "an array whose axes are at most " + Integer.MAX_VALUE + " long", "a longer one");
        }
    }

    private boolean bool() {
        skipSpace();
        boolean value = text.startsWith("True", at);
        if (!value && !text.startsWith("False", at)) throw syntax("True or False as its fortran_order");
        at += value ? 4 : 5;
        return value;
    }

    private String string() {
        skipSpace();
        char quote = at < text.length() ? text.charAt(at) : 0;
        if (quote == '[') throw malformed(field, "an array of bool, integers or floats", "a structured dtype");
        if (quote != '\'' && quote != '"') throw syntax("quoted keys and dtype");
        int end = text.indexOf(quote, at + 1);
        if (end < 0) throw syntax("closed quotes");
        String value = text.substring(at + 1, end);
        at = end + 1;
        return value;
    }

    private void expect(char c) {
        if (!accept(c)) throw syntax("'" + c + "' at character " + at);
    }

    private boolean accept(char c) {
        skipSpace();
        if (at >= text.length() || text.charAt(at) != c) return false;
        at++;
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && " \n\t\r".indexOf(text.charAt(at)) >= 0) at++;
    }

    private InvalidCaseException syntax(String expected) {
        return malformed(field, "an npy array whose header has " + expected, "another header");
    }
}
