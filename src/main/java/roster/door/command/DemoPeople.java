package roster.door.command;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import roster.core.user.NewUsers.Past;

/// Made-up people for demonstrations and benchmarks: a seed and a number always make the same person.
final class DemoPeople {
    /// @param role index in [#ROLES]
    /// @param standard whether the person has the Standard role instead
    record Person(String email, String name, String title, int role, boolean standard, Past past) {}

    static final List<String> ROLES =
        List.of("Support desk", "On-call engineers", "Data analysts", "Release managers", "Auditors");

    /// How many permissions each of the roles has.
    static final List<Integer> PERMISSIONS = List.of(3, 8, 5, 6, 4);

    private static final int STANDARD_EVERY = 1000;

    private static final int JOINED_PERCENT = 86;
    private static final int DISABLED_PERCENT = 8;
    private static final int SIGNED_IN_PERCENT = 92;

    /// When the first one was added, and how many it took until the half of that time.
    private static final Duration OLDEST = Duration.ofDays(3 * 365);
    private static final long GROWING = 200;

    /// Names of one language, each as it is written and in letters for an e-mail address.
    ///
    /// @param familyFirst whether the family name comes first
    /// @param blank what separates the two names
    private record Language(List<String> given, List<String> family, boolean familyFirst, String blank) {
        static Language of(String given, String family) {
            return new Language(List.of(given.split(" ")), List.of(family.split(" ")), false, " ");
        }

        static Language familyFirst(String given, String family, String blank) {
            return new Language(List.of(given.split(" ")), List.of(family.split(" ")), true, blank);
        }
    }

    private static final List<Language> LANGUAGES = List.of(
        Language.of("Alice Ben Clara David Emma Frank Grace Henry Isla Jack Olivia Samuel",
            "Smith Johnson Brown Taylor Wilson Clarke Walker Wright Hughes Turner Cooper Bennett"),
        Language.of("Ana José=jose Lucía=lucia Mateo Sofía=sofia Andrés=andres Inés=ines Raúl=raul Carmen Iván=ivan",
            "García=garcia Muñoz=munoz Fernández=fernandez López=lopez Núñez=nunez Ibáñez=ibanez Romero Ortiz Vega"),
        Language.of(
            "Jürgen=juergen Anke Björn=bjoern Käthe=kaethe Lukas Sören=soeren Heike Günter=guenter Åsa=asa Øyvind=oyvind",
            "Müller=mueller Schröder=schroeder Weiß=weiss Krüger=krueger Lindström=lindstrom Bjørnstad=bjornstad Vogel Köhler=koehler"),
        Language.of(
            "Łukasz=lukasz Zofia Wojciech Agnieszka Jiří=jiri Zdeněk=zdenek Şebnem=sebnem Çağla=cagla İlker=ilker",
            "Wiśniewski=wisniewski Dąbrowska=dabrowska Nowák=novak Dvořák=dvorak Yılmaz=yilmaz Öztürk=ozturk Kovács=kovacs"),
        Language.of("Анна=anna Дмитрий=dmitriy Екатерина=ekaterina Иван=ivan Мария=mariya Олексій=oleksiy Юлія=yuliya",
            "Ковальчук=kovalchuk Соколова=sokolova Морозов=morozov Шевченко=shevchenko Лебедева=lebedeva Бондар=bondar"),
        Language.of("Αλέξανδρος=alexandros Ελένη=eleni Γιώργος=giorgos Κατερίνα=katerina Νίκος=nikos Σοφία=sofia",
            "Παπαδόπουλος=papadopoulos Γεωργίου=georgiou Οικονόμου=oikonomou Νικολάου=nikolaou Βλάχος=vlachos"),
        Language.of("أحمد=ahmad فاطمة=fatima يوسف=yusuf ليلى=layla عمر=omar مريم=maryam",
            "حسن=hassan منصور=mansour خليل=khalil الشريف=alsharif نجار=najjar"),
        Language.of("דוד=david נועה=noa יוסף=yosef תמר=tamar איתן=eitan",
            "כהן=cohen לוי=levi מזרחי=mizrahi פרידמן=friedman"),
        Language.of("अनिल=anil प्रिया=priya राहुल=rahul सुनीता=sunita विजय=vijay आशा=asha",
            "शर्मा=sharma पटेल=patel सिंह=singh गुप्ता=gupta मेहता=mehta"),
        Language.of("นภา=napa สมชาย=somchai มาลี=malee อนันต์=anan",
            "แสงทอง=saengthong ใจดี=jaidee วงศ์สุวรรณ=wongsuwan"),
        Language.familyFirst("伟=wei 芳=fang 秀英=xiuying 敏=min 静=jing 磊=lei 洋=yang 婷=ting",
            "王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 赵=zhao 黄=huang", ""),
        Language.familyFirst("さくら=sakura 翔太=shota 美咲=misaki 健太=kenta 陽子=yoko 大輔=daisuke",
            "佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 山本=yamamoto", " "),
        Language.familyFirst("민준=minjun 서연=seoyeon 지훈=jihoon 하은=haeun 도윤=doyun", "김=kim 이=lee 박=park 최=choi 정=jung",
            ""),
        Language.of("Nguyệt=nguyet Đức=duc Hương=huong Tuấn=tuan Linh",
            "Nguyễn=nguyen Trần=tran Phạm=pham Lê=le Đặng=dang"));

    private static final List<String> RANKS = List.of("", "", "", "Senior ", "Junior ", "Lead ", "Principal ");
    private static final List<String> JOBS = List.of("Software Engineer", "Data Analyst", "Product Manager",
        "Site Reliability Engineer", "Support Agent", "Accountant", "Designer", "Technical Writer", "Sales Manager",
        "Security Engineer", "Recruiter", "Database Administrator", "Test Engineer", "Office Manager");

    private final long seed;

    DemoPeople(long seed) {
        this.seed = seed;
    }

    Person person(long number) {
        var random = new SplittableRandom(new SplittableRandom(seed).nextLong() + number).split();
        var language = one(LANGUAGES, random);
        var given = one(language.given(), random).split("=");
        var family = one(language.family(), random).split("=");
        var name = language.familyFirst() ? family[0] + language.blank() + given[0] : given[0] + " " + family[0];
        // The number tells two people of one name apart, and the seed those of two seeds.
        var email = "%s.%s%d%s@people.example".formatted(latin(given), latin(family), number,
            seed == 1 ? "" : "-" + Long.toHexString(seed));
        return new Person(email, name, one(RANKS, random) + one(JOBS, random), random.nextInt(ROLES.size()),
            number % STANDARD_EVERY == STANDARD_EVERY - 1, past(number, random));
    }

    /// Most have joined, and most of these signed in lately. They were added in the order of their numbers, fewer of them long
    /// ago than of late, as in an organisation that grows: lists by that order are read where the rows lie together.
    private static Past past(long number, SplittableRandom random) {
        var joined = random.nextInt(100) < JOINED_PERCENT;
        var disabled = random.nextInt(100) < DISABLED_PERCENT;
        var age = OLDEST.toMinutes() * GROWING / (GROWING + number);
        var lately = random.nextDouble();
        var signedIn = joined && random.nextInt(100) < SIGNED_IN_PERCENT
            ? Optional.of(Duration.ofMinutes((long) (age * lately * lately * lately * lately)))
            : Optional.<Duration>empty();
        return new Past(joined, disabled, Duration.ofMinutes(age), signedIn);
    }

    private static String latin(String[] name) {
        return name[name.length - 1].toLowerCase(Locale.ROOT);
    }

    private static <T> T one(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
