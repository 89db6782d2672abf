"""English words that are names too: alone, such a word is a name only where a capital in mid-sentence says so."""

from __future__ import annotations

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Words of the language and of this work that somebody may be called. Written from general knowledge; a word that is
# missing here only means that a text with it is asked about once too often.
COMMON = listed(
    """
    abbey able act aim amber an angel anger ant apple april arch area ark arm arms art ash ask august aura autumn
    avenue ball bank banker banks barber bark barn barns baron base bass bay beach beacon beam bean bear beard beat
    beck bee bell belt bench bend berry best bible bill bird bishop bit black blade blake block bloom blossom blue
    boat bob bold bond bone book booth both bow box boy brain branch brand bread breeze brick bridge bridges bridle
    bright brine brook broom brother brown bull burden burn burns bush butt butter cable call can cane care carer
    cart case cash castle cat caution chain chair chambers chance chancellor chapel charity charm chase chaste check
    cherry chest child children childs chill chip christian church city clay clear clerk cliff close clover coach
    coal coast code cold collar college comfort common cone constable constant content cook copper cord corn corner
    costs cotton couch count country court crane creed cross crow crown cuff cunning curry curtain cut dale dam damp
    dance dancer dare dark dawn day days deacon deal dean dear death deed deeds deer dell den diamond dice dig dill
    din dip divine dock dodge dole dolphin don dove down downs dream drew drive drummer dry duck due duke dunk dusk
    dust dusty dwell eager earl early earth east easter eastern ebb eden edge edit else ember end england english
    eve evens ever fable fair faith falcon fall farm farmer fast father fawn fay fear fell felt few field fields
    fine fire first fish flag flame flash fleet flint flood flower flowers fly foot ford fore forest forge fort
    fortune foster fountain fox frank free freedom french friday friend frost full gain gall gamble game garden
    gardener gate gates gay gem gene general genesis gentle gentry gift ginger glad glass glory goal goat god gold
    golden good goose grace grain grand grange grant grave graves gray great green grey grief grove guard guest
    guide gun guy hack hail hale half hall ham hammer hand hands handy happy harbour hard hardy harp hatch haven hay
    head heart heath heaven hedge hedges height help her hero high hill hills his hold holder hole hollow home honey
    honour hood hook hop hope horn horse hound house how hub humble hunt hunter hurry husband hush ivory jack jacket
    jam jar jay jazz jean jerk jet jewel job joy judge july june junior just justice keen keep keeper key keys kid
    kind king kings kit kite knight knock known lace lad lady lake lamb lamp lance land lane large last lattice law
    lawless lawn laws lay lea lead leader leaf leak lee leg legend lemon lent les lever liberty light lime line link
    lion list little live lively lock lodge log london long look lord lot love lovely low lower loyal luck lucky mad
    maiden main maker mall man manner manor maple march marine mark market marks marry marshal marvel mass masters
    mat match mate may maze mead meadow meadows means merchant mercy mere merit miles mill mills mine minor monday
    money moon moor moral more morrow mother mount mountain mum musk nail name near neat neck need new nice nick
    night noble none noon norm normal north northern not notice novel now nurse nut oak oaks oats ocean odd offer
    office old once only opportunity orange orchard order our out over own pace pack page pain palm paradise parent
    paris parish park parks part partner past pat patience patient peace peach peak pear pease peer pen penny pepper
    pet petty pick piece pine place plane plant player plum pole police pond poor pop pope port post pot pound
    powder power powers pray precious press price priest prim prince princess prior promise proud prudence public
    pure purple purse queen quick rain rains rank ray read reader reading reason red rest review rice rich richer
    ridge right ring rise river rivers road rob robin rock rocky root rope rosary rose rough round royal rule rush
    rust sad sage saint salmon salt sam sand saturday savage say scales school scout sea seal season second self
    senior serene sergeant serve service seven shade shaft sharp she shell shepherd sheriff shore short show silence
    silk silver simple singer single sink sister sixty sky slow small smart snow sole somebody son sonnet south
    southern spark sparrow speed spring stamp star stark start steel step stern steward stick still stock stone
    stones stop storey storm story straight strange stranger straw stream street strong style such sue summer
    summers sunday sunny supreme sure sweet swift tale talent tall teacher temper temple term terrace the thorn
    thread thunder time tiny to token tool tracker trader treat tree trees trip true trust tuck tuesday turn twin
    union unity unknown upright valance valley van vault venture vest vicar victim victor victory view virgin virtue
    wait walk wall walls want ward warden warm watch water waters wave way web wednesday week weeks well wells were
    west western wheel while white whole wide wild will wills win winch wind window winds wing winner winter winters
    wisdom wise wish wit witness woman wonder wood woods wool work worker workman world worth yard york you young
    younger youth zone
    """
) | frozenset(MONTHS)
