import java.io.File;
import java.util.List;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Asks veraPDF about each file named: one line a file and standard, and one for each rule that it breaks.
 * With -Donly=accessible, the standard of accessible files alone.
 */
public class VeraCheck {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean any = !"accessible".equals(System.getProperty("only"));
        List<PDFAFlavour> standards = any
            ? List.of(PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1) : List.of(PDFAFlavour.PDFUA_1);
        for (String file : files) {
            for (PDFAFlavour flavour : standards) {
                try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
                     PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    ValidationResult result = validator.validate(parser);
                    System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + flavour + " " + file);
                    for (TestAssertion each : result.getTestAssertions()) {
                        System.out.println("  " + each.getRuleId().getClause() + " " + each.getMessage());
                    }
                }
            }
        }
    }
}
