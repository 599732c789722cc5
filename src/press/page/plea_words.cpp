#include "press/page/plea_words.h"

namespace colport::plea_words {

const char* const labels = R"(
accept all; accept all cookies; accept cookies; ad; advertisement; advertisements; advertising
article continues below; article continues after this advertisement; ad feedback; back to top
close menu; continue reading; cookie settings; copy link; copy url; download app
email this article; enlarge this image; follow us; font size; gift article; hide caption
learn more; listen to this article; load comments; load more; log in; login; log out
manage preferences; my account; next article; next story; no thanks; open image in gallery
open menu; previous article; print this article; promoted; reject all; remaining time
republish this article; save article; scroll to continue; share article; share on facebook
share on twitter; share on whatsapp; share on x; share this; share this article; share this page
share this story; share via email; show all; show caption; show more; see more; sign in; sign out
sign up; skip ad; skip advertisement; skip to content; skip to main content; skip to navigation
sponsored; sponsored content; story continues below; story continues below advertisement
subscribe now; supported by; toggle caption; toggle navigation; view all; view comments
view gallery; view more; в закладки; версия для печати; войти; купить подписку; на главную
на правах рекламы; наверх; оформить подписку; партнёрский материал; партнерский материал
поделиться в соцсетях; поделиться ссылкой; подписаться; показать ещё; показать еще; принять все
распечатать; реклама; скопировать ссылку; скачать приложение; твитнуть; читать далее
читать полностью; підписатися; прийняти все; роздрукувати; скопіювати посилання; показати ще
читати далі; догори; اشتراک‌گذاری; اشتراک گذاری; به اشتراک بگذارید; به اشتراک گذاری; همرسانی کنید
تبلیغات; تبلیغ; آگهی; صفحه اصلی; نسخه چاپی; ارسال به دوستان; کپی لینک; لینک کوتاه; برچسب‌ها
برچسب ها; تگ‌ها; کلیدواژه‌ها; ادامه مطلب; پذیرش همه; شارك المقال; شارك هذا المقال
شارك على فيسبوك; إعلان; إعلانات; الصفحة الرئيسية; ابحث; تسجيل الدخول; اشترك; اشترك الآن
النشرة البريدية; اطبع; نسخ الرابط; الكلمات المفتاحية; كلمات مفتاحية; الوسوم; وسوم; عرض المزيد
أغلق; قبول الكل; استمع; facebook'ta paylaş; twitter'da paylaş; reklam; reklamlar; ana sayfa
anasayfa; giriş yap; üye ol; abone ol; kayıt ol; yazdır; bağlantıyı kopyala; linki kopyala
etiketler; devamını oku; daha fazla göster; kabul et; tümünü kabul et; bağış yap; destek ol
takip et; e-bülten; 分享到; 分享本文; 分享至; 廣告; 广告; 复制链接; 複製連結; 查看更多; 阅读更多
閱讀更多; 阅读全文; 閱讀全文; 全部接受; 返回顶部; 回到頂部; 扫一扫; compartir
compartir en facebook; compartir en twitter; comparte este artículo; compartir esta noticia
publicidad; anuncio; anuncios; iniciar sesión; inicia sesión; registrarse; regístrate; suscríbete
suscríbase; suscribirse; copiar enlace; leer más; seguir leyendo; ver más; mostrar más
aceptar todo; aceptar y continuar; haz una donación; enviar por correo; မျှဝေပါ; မျှဝေရန်; ကြော်ငြာ
ပင်မစာမျက်နှာ; မူလစာမျက်နှာ; ရှာဖွေပါ; အကောင့်ဝင်ရန်; စာရင်းသွင်းပါ; စာရင်းသွင်းရန်; ပုံနှိပ်ရန်; ဆက်ဖတ်ရန်
ဆက်လက်ဖတ်ရှုရန်; ပိတ်ပါ; လက်ခံပါ; လက်ခံသည်; လှူဒါန်းပါ; လှူဒါန်းရန်; publicité; se connecter; s'abonner
abonnez-vous; lire la suite; anzeige; werbung; anmelden; abonnieren; weiterlesen; akzeptieren
compartilhar; publicidade
)";

const char* const nouns = R"(
bookmark; caption; donate; email; embed; facebook; follow; home; homepage; instagram; listen
menu; more; newsletter; newsletters; next; play; previous; print; reddit; register; reprints
save; search; share; subscribe; tags; telegram; top; topics; trending; tweet; twitter; whatsapp
youtube; breaking news; latest news; accept; close; watch live; site map; contact us; вход
главная; главное; меню; печать; подписка; подробнее; поиск; поддержать; регистрация; содержание
теги; ещё; вконтакте; одноклассники; отправить; сохранить; слушать; принять; закрыть; увійти
вхід; закрити; головна; друк; підтримати; докладніше; детальніше; пошук; прийняти; реєстрація
поделиться; поділитися; поширити; اشتراک; خانه; فهرست; جستجو; جست‌وجو; ورود; ثبت نام; ثبت‌نام
عضویت; خبرنامه; چاپ; بیشتر; بستن; قبول; تلگرام; توییتر; فیسبوک; واتساپ; پخش زنده; منو; پذیرفتن
هم‌رسانی; همرسانی; مشاركة; شارك; الرئيسية; القائمة; بحث; دخول; تسجيل; اشتراك; طباعة; المزيد
إغلاق; موافق; تبرع; فيسبوك; تويتر; واتساب; تلغرام; بث مباشر; ara; arama; giriş; menü; devamı
daha fazla; canlı yayın; paylaş; kaydet; kapat; 分享; 转发; 更多; 搜索; 搜尋; 登录; 登入; 登錄
注册; 註冊; 订阅; 訂閱; 打印; 列印; 标签; 標籤; 关键词; 關鍵字; 关闭; 關閉; 接受; 同意; 收藏
点赞; 捐款; 赞助; 微信; 微博; 字号; 首页; 首頁; 主页; 菜单; 選單; comparte; inicio; portada; menú
buscar; búsqueda; temas; más; etiquetas; cerrar; aceptar; rechazar; donar; guardar; seguir
escuchar; boletín; မျှဝေ; ရှာဖွေ; ရှာဖွေရန်; ပိတ်ရန်; မီနူး; accueil; partager; rechercher; fermer
accepter; suche; teilen; início; entrar; assine; fechar; aceitar; schließen; drucken; startseite
imprimir; imprimer
)";

const char* const announcements = R"(
don't miss; editor's picks; editors' picks; explore more; from our partners; keep reading
latest stories; more coverage; more for you; more from this section; more in this section
more like this; more news; more on this topic; more stories; more to read; most popular
most read; most viewed; most watched; must read; must reads; on this topic; other stories
popular; popular articles; popular now; popular posts; popular stories; recent posts
recent articles; recommended; recommended articles; recommended for you; recommended reading
recommended stories; related; related articles; related content; related coverage; related links
related news; related posts; related stories; related topics; related video; related videos
suggested reading; top stories; trending now; trending stories; up next; you may also like
you might also like; you may have missed; по теме; другие новости; другие материалы
похожие материалы; похожие статьи; похожие новости; самое читаемое; самое популярное
самое обсуждаемое; популярное; популярные материалы; рекомендуем; рекомендуем прочитать
вам может быть интересно; вас может заинтересовать; последние новости; лента новостей
новости партнёров; новости партнеров; выбор редакции; главное за день; за темою; на цю тему
більше за темою; інші новини; схожі новини; схожі матеріали; найпопулярніше; популярне
популярні новини; рекомендуємо; останні новини; новини партнерів; вибір редакції
вас може зацікавити; در همین زمینه; در همین رابطه; مطالب مرتبط; مطالب مشابه; مطالب پیشنهادی
اخبار مرتبط; خبرهای مرتبط; اخبار مرتبط با این خبر; گزارش‌های مرتبط; پربیننده‌ترین‌ها
پربیننده ترین ها; پربازدیدترین‌ها; پربازدیدها; پرخواننده‌ترین‌ها; پیشنهاد سردبیر; آخرین اخبار
تازه‌ترین خبرها; مواضيع ذات صلة; موضوعات ذات صلة; مواضيع متعلقة; مقالات ذات صلة; أخبار ذات صلة
مواد ذات صلة; قصص ذات صلة; ذات صلة; قد يعجبك أيضا; قد يهمك أيضا; الأكثر قراءة; الأكثر مشاهدة
الأكثر تداولا; آخر الأخبار; أحدث الأخبار; المزيد من الأخبار; اخترنا لك; ilgili yazılar
ilgili içerikler; benzer haberler; bunlar da ilginizi çekebilir; ilginizi çekebilir
en çok okunanlar; çok okunanlar; en çok okunan; öne çıkanlar; son haberler; diğer haberler
önerilenler; editörün seçtikleri; popüler haberler; 相关内容; 相關內容; 更多新闻; 更多新聞
热门文章; 热门新闻; 热门推荐; 熱門文章; 熱門新聞; 猜你喜欢; 猜你喜歡; 为您推荐; 為您推薦
编辑推荐; 編輯推薦; 最新消息; 最新新闻; 最多阅读; 最受欢迎; 另见; 参见; lea más; te recomendamos
le recomendamos; noticias relacionadas; artículos relacionados; contenido relacionado
temas relacionados; relacionado; relacionadas; más leídas; más leídos; lo más leído
las más leídas; lo más visto; más noticias; más información; otras noticias; últimas noticias
no te pierdas; recomendados; ဆက်စပ်ဆောင်းပါးများ; ဆက်စပ်အကြောင်းအရာများ; လူဖတ်အများဆုံး
လူကြိုက်များသော သတင်းများ; နောက်ဆုံးရသတင်းများ; နောက်ဆုံးရ သတင်းများ; ဖတ်ရှုသင့်သော သတင်းများ
sur le même sujet; articles liés; articles similaires; les plus lus; mehr zum thema
auch interessant; ähnliche artikel; meistgelesen; leia mais; saiba mais; mais lidas
notícias relacionadas
)";

const char* const pointers = R"(
also read; read also; read more; read more here; read next; see also; watch also; related article
related story; related reading; what to read next; in case you missed it; more on this story
further reading; читать также; читайте также; читайте ещё; читайте еще; читайте по теме
читайте подробнее; смотрите также; см. также; в тему; ещё по теме; еще по теме; материалы по теме
новости по теме; статьи по теме; читайте також; читати також; читайте ще; дивіться також
див. також; матеріали за темою; новини за темою; чытайце таксама; чытайце яшчэ; глядзіце таксама
гл. таксама; بیشتر بخوانید; بیشتر بدانید; همچنین بخوانید; همچنین ببینید; این را هم بخوانید
در این زمینه بخوانید; اقرأ أيضا; اقرأ أيضاً; اقرأ المزيد; اقرأ كذلك; إقرأ أيضا; اقرؤوا أيضا
اقرأوا أيضا; شاهد أيضا; طالع أيضا; bunu da okuyun; bunları da okuyun; ayrıca okuyun
ayrıca bakınız; ilgili haber; ilgili haberler; 相关阅读; 相关新闻; 相关文章; 相关报道; 相關閱讀
相關新聞; 相關文章; 相關報導; 延伸阅读; 延伸閱讀; 推荐阅读; 推薦閱讀; 更多阅读; lea también
lee también; lea además; leer también; ver también; vea también; mira también; te puede interesar
le puede interesar; también te puede interesar; también le puede interesar; noticia relacionada
ဆက်စပ်ဖတ်ရှုရန်; ဆက်စပ်သတင်း; ဆက်စပ်သတင်းများ; ဆက်စပ် သတင်းများ; à lire aussi; lire aussi; lesen sie auch
leia também; veja também
)";

const char* const comments = R"(
comments; comment; reader comments; readers' comments; комментарии; комментариев; комментария
комментарий; коментарі; коментарів; коментар; каментары; каментароў; نظرات; نظرات کاربران; نظر
دیدگاه‌ها; دیدگاه ها; دیدگاه; تعليقات; التعليقات; تعليقات القراء; yorumlar; yorum; okur yorumları
评论; 評論; 条评论; 則評論; 留言; 网友评论; 評論區; 评论区; 最新评论; comentarios; comentario
မှတ်ချက်များ; မှတ်ချက်; commentaires; kommentare; comentários
)";

const char* const comment_calls = R"(
add a comment; be the first to comment; join the conversation; join the discussion
leave a comment; leave a reply; post a comment; write a comment; добавить комментарий
оставить комментарий; оставьте комментарий; додати коментар; залишити коментар; пакінуць каментар
дадаць каментар; نظر دهید; نظر بدهید; ارسال نظر; ثبت دیدگاه; دیدگاه خود را بنویسید; اترك تعليقا
أضف تعليقا; اكتب تعليقا; شارك برأيك; yorum yap; yorum yaz; yorum bırakın; 发表评论; 發表評論
deja un comentario; deja tu comentario; dejar un comentario; escribe un comentario
añadir comentario; မှတ်ချက်ရေးရန်; မှတ်ချက်ပေးရန်; laisser un commentaire; kommentar schreiben
deixe um comentário
)";

const char* const requests = R"(
already a subscriber; already a member?; become a member today; become a patron
become a subscriber; become a supporting member; chip in today; chip in now; click here to donate
click here to subscribe; click here to sign up; click to subscribe; download our app
enjoyed this article; enjoying this article; enter your email … newsletter
enter your email … inbox; enter your email … subscribe; follow us on; get our newsletter
get unlimited access; get … newsletter; get … in your inbox; get … to your inbox
if you enjoyed this article; if you enjoyed this story; if you liked this article
if you liked this story; if you value our; join our telegram; join our whatsapp
join our newsletter; join our mailing list; join us on telegram; join us on whatsapp
like us on facebook; listen to our podcast; please consider supporting our
please consider donating; please subscribe; sign up for our; sign up to our; sign up to receive
sign up for the … newsletter; sign up for the … briefing; sign up to get … newsletter
start your free trial; stay informed with our; stay up to date with our; subscribe for
subscribe here; subscribe now; subscribe to; subscribe today; support quality journalism
support our journalism; support our newsroom; support our reporting; the post … appeared first on
this article is for subscribers; this article is only available to
this content is for subscribers; this content is for members; this story is for subscribers
to continue reading … subscri; to continue reading … sign; to read the full … subscri
to read the full … sign; want more stories like this; we rely on readers; we use cookies
you have reached your … limit; you've reached your … limit; you've read … free; подпишитесь на
подписывайтесь на; подпишись на; подписывайся на; поддержите нашу редакцию
поддержите нашу работу; поддержите редакцию; поддержите независимую журналистику
поддержите независимые медиа; станьте подписчиком; станьте нашим … подписчик
станьте нашим … патрон; станьте нашим … спонсор; оформите подписку; следите за нами в
следите за нами на; следите за нашими новостями; следите за новостями в; читайте нас в
читайте нас на; читайте наш телеграм; читайте наш канал; вступайте в нашу группу
вступайте в наш чат; скачайте наше приложение; установите наше приложение
чтобы продолжить чтение; чтобы прочитать полностью; чтобы комментировать
зарегистрируйтесь, чтобы комментировать; зарегистрируйтесь, чтобы читать
зарегистрируйтесь, чтобы продолжить; материал доступен … подпис; нашли ошибку?; нашли опечатку?
нашли ошибку … ctrl; нашли опечатку … ctrl; заметили ошибку?; заметили опечатку?
если вы нашли ошибку … ctrl; если вы нашли ошибку … выделите; если вы заметили ошибку … ctrl
если вы заметили ошибку … выделите; этот сайт использует … cookie; этот сайт использует … куки
сайт использует … cookie; сайт использует … куки; наш сайт использует … cookie
мы используем … cookie; мы используем … куки; хотите получать … рассыл; получайте наши … на почту
скачайте приложение … читать; підпишіться на; підписуйтеся на; підписуйтесь на
підтримайте нашу редакцію; підтримайте нашу роботу; підтримайте незалежну журналістику
підтримайте незалежні медіа; стежте за нами в; стежте за нами у; стежте за нами на
слідкуйте за нами в; слідкуйте за нами у; слідкуйте за нами на; долучайтеся до нашої спільноти
долучайтесь до нашої спільноти; приєднуйтесь до нашого каналу; приєднуйтеся до нашого каналу
приєднуйтесь до нашого телеграм; приєднуйтеся до нашого телеграм; завантажте наш застосунок
щоб продовжити читання; помітили помилку?; знайшли помилку?; помітили помилку … ctrl
знайшли помилку … ctrl; якщо ви помітили помилку … ctrl; якщо ви помітили помилку … виділіть
якщо ви знайшли помилку … ctrl; якщо ви знайшли помилку … виділіть
цей сайт використовує … cookie; сайт використовує … cookie; ми використовуємо … cookie
падпішыцеся на; падпісвайцеся на; падтрымайце нашу рэдакцыю; падтрымайце нашу працу
در خبرنامه … ثبت نام کنید; در خبرنامه … عضو شوید; برای دریافت خبرنامه; برای عضویت در خبرنامه
عضو خبرنامه … شوید; عضو کانال … شوید; به کانال تلگرام … بپیوندید; به کانال ما بپیوندید
ما را دنبال کنید; ما را در … دنبال کنید; صفحه ما را … دنبال کنید
از روزنامه‌نگاری مستقل حمایت کنید; برای ادامه مطالعه; برای خواندن ادامه; مشترک شوید
مشترک ما شوید; برای اشتراک در خبرنامه; این سایت از کوکی; این وب‌سایت از کوکی; ما از کوکی
وب‌سایت ما از کوکی; اپلیکیشن ما را; ثبت نام کنید … خبرنامه; اشترك الآن; اشتركوا في نشرتنا
اشتركوا في النشرة; اشتركوا في قناتنا; انضموا إلى قناتنا; تابعونا على فيسبوك; تابعونا على تويتر
تابعونا على تلغرام; تابعونا على إنستغرام; تابعونا على يوتيوب; تابعونا على واتساب
تابعونا على منصات; تابعونا على وسائل; تابع صفحتنا; ادعم موقعنا; للاشتراك في نشرتنا
للاشتراك في النشرة; للاشتراك في قناتنا; لمتابعة القراءة; حمّل تطبيقنا; نستخدم ملفات تعريف الارتباط
نحن نستخدم ملفات تعريف الارتباط; نحن نستخدم … كوكيز; يستخدم هذا الموقع … ارتباط
يستخدم هذا الموقع … كوكيز; bültenimize abone; bültenimize kayıt; bültenimize üye
e-bültenimize abone; haber bültenimize; telegram kanalımıza … abone; telegram kanalımıza … katıl
whatsapp kanalımıza … abone; whatsapp kanalımıza … katıl; youtube kanalımıza … abone
kanalımıza abone; abone olun; bizi takip edin; bizi … takip edin; gazeteciliği destekleyin
bağımsız gazeteciliğ* … destek olun; haberin devamını okumak için; uygulamamızı indirin
bu site çerez; sitemizde çerez; web sitemizde çerez; bu web sitesi … çerez; çerez kullanıyoruz
订阅我们; 点击订阅; 欢迎订阅; 訂閱我們; 歡迎訂閱; 立即订阅; 立即訂閱; 欢迎关注; 歡迎關注
扫描二维码关注; 扫码关注; 掃描二維碼關注; 扫码订阅; 长按二维码关注; 长按二维码识别; 捐款支持我们
捐款支持我們; 捐款支持本; 赞助我们; 請贊助我們; 贊助我們; 成为我们的会员; 成為我們的會員
加入我们的会员; 加入我們的會員; 下载我们的app; 下載我們的app; 登录以继续; 本网站使用 … cookie
本網站使用 … cookie; 本站使用 … cookie; 我们使用cookie; 我们使用 cookie; 我們使用 … cookie
关注本报 … 公众号; suscríbete a; suscríbete al; suscríbete para; suscríbase a; suscríbase al
suscríbete; suscríbase; apúntate a nuestr*; apúntate al boletín; apúntate a la newsletter
inicia sesión para seguir leyendo; inicia sesión para comentar; inicia sesión para continuar
síguenos en; síganos en; síguenos; únete a nuestro canal; únete a nuestra comunidad
únete a nuestro grupo; únase a nuestro canal; recibe en tu correo; recibe en tu bandeja
recibe en tu email; apoya nuestro periodismo; apoye nuestro periodismo; hazte socio; hazte socia
hágase socio; descarga nuestra app; para seguir leyendo; para continuar leyendo
si te gustó este artículo; si te ha gustado este artículo; este sitio utiliza … cookies
este sitio web utiliza … cookies; este sitio usa … cookies; esta web utiliza … cookies
utilizamos cookies; usamos cookies; စာရင်းသွင်းပြီး … ရယူပါ; သတင်းလွှာကို … စာရင်းသွင်းပါ
သတင်းလွှာ … စာရင်းသွင်းပါ; ဤဝက်ဘ်ဆိုက်သည် ကွတ်ကီး; abonnez-vous à; inscrivez-vous à … newsletter
inscrivez-vous à … lettre; suivez-nous; nous utilisons des cookies; ce site utilise … cookies
melden sie sich für … newsletter; folgen sie uns auf; wir verwenden cookies
diese website verwendet … cookies; unterstützen sie unseren journalismus
inscreva-se … newsletter; inscreva-se … canal; assine nossa newsletter; assine a nossa newsletter
siga-nos; apoie o jornalismo; este site usa … cookies; recibe nuestras noticias
recibe nuestras alertas; support our independent journalism; support our independent newsroom
support our independent reporting; log in to continue reading; sign in to continue reading
войдите, чтобы комментировать; войдите, чтобы читать; войдите, чтобы продолжить
برای عضویت در کانال ما; برای عضویت در کانال تلگرام ما; اشترك في نشرتنا; اشترك في النشرة
اشترك في قناتنا; 登录后可发表评论; 请登录后发表评论; 登录后阅读全文; abone olmak için tıkla*
okumaya devam etmek için … abone; okumaya devam etmek için … giriş yap
)";

const char* const last_requests = R"(
please support us; please donate; поддержите нас; поддержите независим*; підтримайте нас
підтримайте незалежн*; падтрымайце нас; از ما حمایت کنید; bize destek olun; bizi destekleyin
bağış yapın; 请支持我们; 請支持我們; 支持我们的报道; 关注我们的频道; apóyanos; haz una donación
haga una donación; ကျွန်ုပ်တို့ကို ထောက်ပံ့ပါ။; ကျွန်တော်တို့ကို ထောက်ပံ့ပါ။; လှူဒါန်းပါ။; ادعمونا
faites un don; soutenez-nous; unterstützen sie uns; faça uma doação; follow us; تابعونا على
)";

const char* const hints = R"(
become a member; become a supporter; donate to support; donate to keep; download the app
enter your email; follow … on facebook; follow … on instagram; follow … on telegram
follow … on twitter; follow … on youtube; help us keep; if you enjoyed this; if you liked this
join … on telegram; join … on whatsapp; make a donation; please support; register for free
support independent; support our work; support us; this article is only available
this content is for; stay informed; stay up to date; поддержите наш; поддержите нашу
поддержать нас; поддержать редакцию; оформить подписку; пожертвовать; сделать пожертвование
следите за нами; следите за нашими; следите за новостями; читайте нас; читайте наш
присоединяйтесь к нам; присоединяйтесь к нашему; вступайте в нашу; вступайте в наш; помогите нам
зарегистрируйтесь; сообщить об ошибке; подписывайтесь; підтримайте наш; підтримайте нашу
підтримати нас; стежте за нами; слідкуйте за нами; долучайтеся до; долучайтесь до
приєднуйтесь до; приєднуйтеся до; зробити пожертву; допоможіть нам; підписуйтесь; підписуйтеся
падтрымаць нас; далучайцеся да; به کانال تلگرام; به کانال ما; حمایت مالی از ما; حمایت مالی کنید
برای حمایت از ما; برای حمایت مالی; برای حمایت از روزنامه‌نگاری; برای اشتراک; برای عضویت
ما را در … حمایت کنید; اشترك معنا; انضم إلينا; انضموا إلينا; تابعنا على; تابعنا عبر; تابعونا
ادعم الصحافة; ادعموا الصحافة; ادعموا … الصحافة; ادعموا … المستقلة; ادعموا … موقعنا; ادعمنا
اشترك في خدمة; انضم إلى … تلغرام; انضم إلى … واتساب; سجل الدخول; سجل الآن; حمل التطبيق; حمّل تطبيق
ساهم في دعم … الصحافة; ساهموا في دعم … الصحافة; تبرعوا … الصحافة; ساعدنا … تبرع
destek olmak için; bağış yapmak için; yorum yapmak için; sosyal medyada bizi
bağımsız gazeteciliğ*; 关注我们; 请关注; 關注我們; 追蹤我們; 支持我们; 支持我們; 支持独立媒体
支持獨立媒體; 支持独立新闻; 支持獨立新聞; 请支持独立; 請支持獨立; 捐款支持; 成为会员; 成為會員
加入我们的; 加入我們的; 加入会员; 订阅本; 订阅电子报; 訂閱電子報; 下载客户端; 下载app; 下載app
下载我们的; 下載我們的; 扫描二维码; 掃描二維碼; 长按二维码; apúntate a; regístrate para
regístrate gratis; únete a nuestro; únete a nuestra; únase a nuestro; únete al canal
apoya nuestro; apoya el periodismo; apoye el periodismo; ayúdanos a; hazte miembro
descarga la app; sigue a … en twitter; sigue a … en instagram; sigue a … en facebook
ကျွန်ုပ်တို့ကို ထောက်ပံ့; ကျွန်တော်တို့ကို ထောက်ပံ့; ကျွန်ုပ်တို့ကို လိုက်; ကျွန်တော်တို့ကို လိုက်; လှူဒါန်းပါ
ကျွန်ုပ်တို့၏ သတင်းလွှာ; ကျွန်တော်တို့၏ သတင်းလွှာ; ကျွန်ုပ်တို့၏ တယ်လီဂရမ်; soutenez notre
soutenez le journalisme; inscrivez-vous à; abonnieren sie; inscreva-se; помогите нам … донат
помогите нам … пожертв; допоможіть нам … донат; сделайте пожертвование; donate now; donate today
contribute today; dona ahora; done ahora; تبرع الآن; jetzt spenden; haz tu donación
зробіть внесок; create a free account; sign up here; sign up now; انضم إلى قناتنا
)";

const char* const notices = R"(
cookie policy; delivered to your inbox; our newsletter; our privacy policy; our telegram channel
our terms of service; straight to your inbox; terms of use and privacy; наш телеграм-канал
наш telegram-канал; нашем телеграм-канале; нашем telegram-канале; нашу рассылку; нашей рассылк
наш телеграм; нашому телеграм; наш telegram; нашому telegram; нашу розсилку; наш тэлеграм
کانال تلگرام ما; خبرنامه ما; نشرتنا البريدية; نشرتنا الإخبارية; قناتنا على تلغرام; çerez politika
çerezleri kullan; bültenimiz; 我们的公众号; 我们的频道; política de cookies; nuestro boletín
nuestra newsletter; nuestro canal de; ကွတ်ကီး အသုံးပြု; ကျွန်ုပ်တို့၏ တယ်လီဂရမ်; notre newsletter
unseren newsletter; nossa newsletter
)";

const char* const rights = R"(
all rights reserved; may not be published, broadcast*; may not be reproduced without*
this site is protected by recaptcha*; all fields are required
your email address will not be published*; agree … use of cookies*; consent … use of cookies*
все права защищены; перепечатка материалов … разреш; перепечатка материалов … ссылк
перепечатка материалов … согласия; при использовании материалов … ссылк
использование материалов разрешено*; cookie … соглас; согла … cookie; ошиб … ctrl
усі права захищені; всі права захищені; використання матеріалів … посилан
передрук матеріалів … посилан; cookie … погодж; погодж … cookie; помилк … ctrl
усе правы абаронены; ўсе правы абаронены; حقوق مادی و معنوی این*; کلیه حقوق این سایت*
تمامی حقوق این سایت*; تمام حقوق این سایت*; کلیه حقوق این وب‌سایت*; تمامی حقوق این وب‌سایت*
تمام حقوق این وب‌سایت*; کلیه حقوق محفوظ است; تمامی حقوق محفوظ است; تمام حقوق محفوظ است
حق نشر محفوظ; استفاده از مطالب این سایت*; کوکی … موافق; جميع الحقوق محفوظة; كل الحقوق محفوظة
ملفات تعريف الارتباط … توافق; استمرارك … ملفات تعريف الارتباط; tüm hakları saklıdır
her hakkı saklıdır; izinsiz kopyalanamaz; kaynak gösterilmeden … kopyalan
kaynak gösterilmeden … alıntı; 版权所有; 版權所有; 版权所有 不得转载; 版權所有 不得轉載
未经授权不得转载; 未經授權不得轉載; 未经许可不得转载; 未经许可，不得转载; 未经授权，不得转载
转载请注明*; 轉載請註明*; （责任编辑; （責任編輯; 责任编辑：*; 責任編輯：*; 责任编辑:*
cookie … 同意; todos los derechos reservados; prohibida la reproducción total o parcial*
acepta … uso de cookies; tous droits réservés; alle rechte vorbehalten
todos os direitos reservados
)";

}  // namespace colport::plea_words
