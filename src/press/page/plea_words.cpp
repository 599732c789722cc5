#include "press/page/plea_words.h"

namespace colport::plea_words {

const char* const labels = R"(
accept; accept all; accept all cookies; accept cookies; ad; advertisement; advertisements
advertising; article continues below; article continues after this advertisement; ad feedback
back to top; breaking news; bookmark; caption; close; close menu; continue reading; contact us
cookie settings; copy link; copy url; donate; download app; email; email this article; embed
enlarge this image; facebook; follow; follow us; font size; gift article; hide caption; home
homepage; instagram; latest news; learn more; listen; listen to this article; load comments
load more; log in; login; log out; manage preferences; menu; more; my account; newsletter
newsletters; next article; next story; next; no thanks; play; open image in gallery; open menu
previous; previous article; print; print this article; promoted; reddit; register; reject all
remaining time; reprints; republish this article; save; save article; scroll to continue; search
share; share article; share on facebook; share on twitter; share on whatsapp; share on x
share this; share this article; share this page; share this story; share via email; show all
show caption; show more; see more; sign in; sign out; sign up; site map; skip ad
skip advertisement; skip to content; skip to main content; skip to navigation; sponsored
sponsored content; story continues below; story continues below advertisement; subscribe
subscribe now; supported by; tags; telegram; toggle caption; toggle navigation; top; topics
trending; tweet; twitter; view all; view comments; view gallery; view more; watch live; whatsapp
youtube
в закладки; версия для печати; войти; вход; главная; главное; закрыть; купить подписку; меню
на главную; на правах рекламы; наверх; оформить подписку; отправить; партнёрский материал
партнерский материал; печать; поделиться; поделиться в соцсетях; поделиться ссылкой; подписаться
подписка; подробнее; поиск; показать ещё; показать еще; поддержать; принять; принять все
распечатать; регистрация; реклама; скопировать ссылку; скачать приложение; слушать; содержание
сохранить; твитнуть; теги; читать далее; читать полностью; ещё; вконтакте; одноклассники; увійти
вхід; закрити; головна; меню; друк; поділитися; поширити; підписатися; підтримати; докладніше
детальніше; пошук; прийняти; прийняти все; реєстрація; роздрукувати; скопіювати посилання
показати ще; читати далі; догори
اشتراک‌گذاری; اشتراک گذاری; به اشتراک بگذارید; به اشتراک گذاری; هم‌رسانی; همرسانی; همرسانی کنید
تبلیغات; تبلیغ; آگهی; خانه; صفحه اصلی; منو; فهرست; جستجو; جست‌وجو; ورود; ثبت نام; ثبت‌نام; عضویت
اشتراک; خبرنامه; چاپ; نسخه چاپی; ارسال به دوستان; کپی لینک; لینک کوتاه; برچسب‌ها; برچسب ها; تگ‌ها
کلیدواژه‌ها; ادامه مطلب; بیشتر; بستن; پذیرفتن; قبول; پذیرش همه; تلگرام; توییتر; فیسبوک; واتساپ
پخش زنده; شارك; مشاركة; شارك المقال; شارك هذا المقال; شارك على فيسبوك; إعلان; إعلانات; الرئيسية
الصفحة الرئيسية; القائمة; بحث; ابحث; تسجيل الدخول; دخول; تسجيل; اشترك; اشترك الآن; اشتراك
النشرة البريدية; طباعة; اطبع; نسخ الرابط; الكلمات المفتاحية; كلمات مفتاحية; الوسوم; وسوم; المزيد
عرض المزيد; إغلاق; أغلق; موافق; قبول; قبول الكل; تبرع; فيسبوك; تويتر; واتساب; تلغرام; استمع
بث مباشر
paylaş; facebook'ta paylaş; twitter'da paylaş; reklam; reklamlar; ana sayfa; anasayfa; menü; ara
arama; giriş; giriş yap; üye ol; abone ol; kayıt ol; yazdır; bağlantıyı kopyala; linki kopyala
etiketler; devamını oku; devamı; daha fazla; daha fazla göster; kapat; kabul et; tümünü kabul et
bağış yap; destek ol; kaydet; takip et; canlı yayın; e-bülten
分享; 分享到; 分享本文; 分享至; 转发; 廣告; 广告; 首页; 首頁; 主页; 菜单; 選單; 搜索; 搜尋; 登录; 登入; 登錄; 注册; 註冊; 订阅; 訂閱; 打印; 列印
复制链接; 複製連結; 标签; 標籤; 关键词; 關鍵字; 更多; 查看更多; 阅读更多; 閱讀更多; 阅读全文; 閱讀全文; 关闭; 關閉; 接受; 同意; 全部接受; 返回顶部; 回到頂部
收藏; 点赞; 捐款; 赞助; 微信; 微博; 扫一扫; 字号
compartir; compartir en facebook; compartir en twitter; comparte; comparte este artículo
compartir esta noticia; publicidad; anuncio; anuncios; inicio; portada; menú; buscar; búsqueda
iniciar sesión; inicia sesión; registrarse; regístrate; suscríbete; suscríbase; suscribirse
imprimir; copiar enlace; etiquetas; temas; leer más; seguir leyendo; ver más; más; mostrar más
cerrar; aceptar; aceptar todo; aceptar y continuar; rechazar; donar; haz una donación; guardar
seguir; escuchar; enviar por correo; boletín; newsletter
မျှဝေပါ; မျှဝေရန်; မျှဝေ; ကြော်ငြာ; ပင်မစာမျက်နှာ; မူလစာမျက်နှာ; မီနူး; ရှာဖွေရန်; ရှာဖွေပါ
ရှာဖွေ; အကောင့်ဝင်ရန်; စာရင်းသွင်းပါ; စာရင်းသွင်းရန်; ပုံနှိပ်ရန်; ဆက်ဖတ်ရန်; ဆက်လက်ဖတ်ရှုရန်
ပိတ်ပါ; ပိတ်ရန်; လက်ခံပါ; လက်ခံသည်; လှူဒါန်းပါ; လှူဒါန်းရန်
partager; publicité; accueil; rechercher; se connecter; s'abonner; abonnez-vous; imprimer
lire la suite; fermer; accepter; teilen; anzeige; werbung; startseite; suche; anmelden; abonnieren
drucken; weiterlesen; schließen; akzeptieren; compartilhar; publicidade; início; entrar; assine
imprimir; fechar; aceitar
)";

const char* const announcements = R"(
also read; don't miss; editor's picks; editors' picks; explore more; further reading
from our partners; in case you missed it; keep reading; latest stories; more coverage
more for you; more from this section; more in this section; more like this; more news
more on this story; more on this topic; more stories; more to read; most popular; most read
most viewed; most watched; must read; must reads; on this topic; other stories; popular
popular articles; popular now; popular posts; popular stories; read also; read more
read more here; read next; recent posts; recent articles; recommended; recommended articles
recommended for you; recommended reading; recommended stories; related; related articles
related content; related coverage; related links; related news; related posts; related reading
related stories; related story; related topics; related video; related videos; see also
suggested reading; top stories; trending now; trending stories; up next; watch also
what to read next; you may also like; you might also like; you may have missed
в тему; ещё по теме; еще по теме; читать также; читайте также; читайте ещё; читайте еще
читайте по теме; читайте подробнее; смотрите также; см. также; материалы по теме; новости по теме
статьи по теме; по теме; другие новости; другие материалы; похожие материалы; похожие статьи
похожие новости; самое читаемое; самое популярное; самое обсуждаемое; популярное
популярные материалы; рекомендуем; рекомендуем прочитать; вам может быть интересно
вас может заинтересовать; последние новости; лента новостей; новости партнёров; новости партнеров
выбор редакции; главное за день; читайте також; читати також; читайте ще; дивіться також
див. також; матеріали за темою; новини за темою; за темою; на цю тему; більше за темою
інші новини; схожі новини; схожі матеріали; найпопулярніше; популярне; популярні новини
рекомендуємо; останні новини; новини партнерів; вибір редакції; вас може зацікавити
بیشتر بخوانید; بیشتر بدانید; همچنین بخوانید; همچنین ببینید; این را هم بخوانید
در این زمینه بخوانید; در همین زمینه; در همین رابطه; مطالب مرتبط; مطالب مشابه; مطالب پیشنهادی
اخبار مرتبط; خبرهای مرتبط; اخبار مرتبط با این خبر; گزارش‌های مرتبط; پربیننده‌ترین‌ها
پربیننده ترین ها; پربازدیدترین‌ها; پربازدیدها; پرخواننده‌ترین‌ها; پیشنهاد سردبیر; آخرین اخبار
تازه‌ترین خبرها; اقرأ أيضا; اقرأ أيضاً; اقرأ المزيد; اقرأ كذلك; إقرأ أيضا; اقرؤوا أيضا
اقرأوا أيضا; شاهد أيضا; طالع أيضا; مواضيع ذات صلة; موضوعات ذات صلة; مواضيع متعلقة; مقالات ذات صلة
أخبار ذات صلة; مواد ذات صلة; قصص ذات صلة; ذات صلة; قد يعجبك أيضا; قد يهمك أيضا; الأكثر قراءة
الأكثر مشاهدة; الأكثر تداولا; آخر الأخبار; أحدث الأخبار; المزيد من الأخبار; اخترنا لك
ilgili haberler; ilgili haber; ilgili yazılar; ilgili içerikler; benzer haberler
bunlar da ilginizi çekebilir; ilginizi çekebilir; bunu da okuyun; bunları da okuyun; ayrıca okuyun
ayrıca bakınız; en çok okunanlar; çok okunanlar; en çok okunan; öne çıkanlar; son haberler
diğer haberler; önerilenler; editörün seçtikleri; popüler haberler
相关阅读; 相关新闻; 相关文章; 相关报道; 相关内容; 相關閱讀; 相關新聞; 相關文章; 相關報導; 相關內容; 延伸阅读; 延伸閱讀; 推荐阅读; 推薦閱讀; 更多阅读; 更多新闻
更多新聞; 热门文章; 热门新闻; 热门推荐; 熱門文章; 熱門新聞; 猜你喜欢; 猜你喜歡; 为您推荐; 為您推薦; 编辑推荐; 編輯推薦; 最新消息; 最新新闻; 最多阅读; 最受欢迎; 另见
参见
lea también; lee también; lea además; lea más; leer también; te puede interesar
le puede interesar; también te puede interesar; también le puede interesar; te recomendamos
le recomendamos; ver también; vea también; mira también; noticias relacionadas
noticia relacionada; artículos relacionados; contenido relacionado; temas relacionados
relacionado; relacionadas; más leídas; más leídos; lo más leído; las más leídas; lo más visto
más noticias; más información; otras noticias; últimas noticias; no te pierdas; recomendados
ဆက်စပ်သတင်းများ; ဆက်စပ် သတင်းများ; ဆက်စပ်သတင်း; ဆက်စပ်ဆောင်းပါးများ; ဆက်စပ်ဖတ်ရှုရန်
ဆက်စပ်အကြောင်းအရာများ; လူဖတ်အများဆုံး; လူကြိုက်များသော သတင်းများ; နောက်ဆုံးရသတင်းများ
နောက်ဆုံးရ သတင်းများ; ဖတ်ရှုသင့်သော သတင်းများ
à lire aussi; lire aussi; sur le même sujet; articles liés; articles similaires; les plus lus
lesen sie auch; mehr zum thema; auch interessant; ähnliche artikel; meistgelesen; leia também
leia mais; veja também; saiba mais; mais lidas; notícias relacionadas
)";

const char* const comments = R"(
comments; comment; add a comment; be the first to comment; discussion; join the conversation
join the discussion; leave a comment; leave a reply; post a comment; reader comments
readers' comments; responses; write a comment
комментарии; комментариев; комментировать; добавить комментарий; оставить комментарий
оставьте комментарий; обсуждение; обсудить; коментарі; коментарів; коментувати; додати коментар
залишити коментар; обговорення
نظرات; نظرات کاربران; نظر دهید; نظر بدهید; نظر شما; ارسال نظر; دیدگاه‌ها; دیدگاه ها; دیدگاه
دیدگاه شما; ثبت دیدگاه; تعليقات; التعليقات; تعليق; تعليقات القراء; اترك تعليقا; أضف تعليقا
اكتب تعليقا; شارك برأيك
yorumlar; yorum; yorum yap; yorum yaz; yorum bırakın; okur yorumları
评论; 評論; 留言; 发表评论; 發表評論; 网友评论; 評論區; 评论区; 最新评论
comentarios; comentario; deja un comentario; deja tu comentario; dejar un comentario
escribe un comentario; añadir comentario
မှတ်ချက်များ; မှတ်ချက်; မှတ်ချက်ရေးရန်; မှတ်ချက်ပေးရန်
commentaires; laisser un commentaire; kommentare; kommentar schreiben; comentários
deixe um comentário
)";

const char* const requests = R"(
already a subscriber; already a member; become a member today; become a patron
become a subscriber; become a supporter; become a supporting member; chip in; click here to donate
click here to subscribe; click here to sign up; click to subscribe; contribute today
create a free account; donate now; donate today; download our app; download the app
enjoyed this article; enjoying this article; enter your email; follow us; get our newsletter
get unlimited access; if you enjoyed this; if you liked this; if you value our; join our telegram
join our whatsapp; join our newsletter; join our mailing list; join us on telegram; like us on
listen to our podcast; log in to continue; make a donation; please consider supporting
please consider donating; please donate; please subscribe; register for free; sign in to continue
sign up for our; sign up here; sign up now; sign up to our; sign up to receive
start your free trial; stay informed with; stay up to date; subscribe for; subscribe here
subscribe now; subscribe to; subscribe today; support independent journalism
support quality journalism; this article is for subscribers; this article is only available
this content is for; this story is for subscribers; want more stories like this
we rely on readers; we use cookies; you have reached your limit; you've reached your; you've read
подпишитесь на; подписывайтесь на; подпишись на; подписывайся на; подписывайтесь; поддержите нас
поддержите нашу; поддержите наш; поддержите редакцию; поддержать нас; поддержать редакцию
станьте подписчиком; оформите подписку; оформить подписку; пожертвовать; сделайте пожертвование
сделать пожертвование; следите за нами; следите за нашими; следите за новостями; читайте нас
читайте наш; присоединяйтесь к нам; присоединяйтесь к нашему; вступайте в нашу; вступайте в наш
скачайте наше приложение; установите наше приложение; чтобы продолжить чтение
чтобы прочитать полностью; чтобы комментировать; войдите, чтобы; зарегистрируйтесь
материал доступен; нашли ошибку; нашли опечатку; если вы нашли ошибку; если вы заметили ошибку
заметили ошибку; сообщить об ошибке; этот сайт использует; сайт использует; наш сайт использует
підпишіться на; підписуйтеся на; підписуйтесь на; підписуйтесь; підтримайте нас; підтримайте наш
підтримайте нашу; підтримати нас; стежте за нами; слідкуйте за нами; долучайтеся до
долучайтесь до; приєднуйтесь до нас; приєднуйтеся до нас; приєднуйтесь до нашого
завантажте застосунок; щоб продовжити читання; помітили помилку; знайшли помилку
якщо ви помітили помилку; якщо ви знайшли помилку; зробити пожертву; зробіть внесок
цей сайт використовує; сайт використовує
در خبرنامه; برای دریافت خبرنامه; برای عضویت; برای حمایت از; عضو خبرنامه; به کانال تلگرام
به کانال ما; ما را دنبال; صفحه ما را; از ما حمایت; حمایت مالی; از روزنامه‌نگاری مستقل حمایت
برای ادامه مطالعه; برای خواندن ادامه; مشترک شوید; مشترک ما شوید; برای اشتراک; این سایت از کوکی
این وب‌سایت از کوکی; ما از کوکی; وب‌سایت ما از کوکی; اپلیکیشن ما را; اشترك الآن; اشتركوا في
اشترك معنا; اشتركوا; انضم إلينا; تابعنا على; تابعونا على; تابعونا; تابع صفحتنا; ادعم الصحافة
ادعموا الصحافة; ادعم موقعنا; تبرع الآن; للاشتراك في; لمتابعة القراءة; سجل الدخول; سجل الآن
حمل التطبيق; حمّل تطبيق
bültenimize; bültenimize abone; e-bültenimize; haber bültenimize; telegram kanalımıza
whatsapp kanalımıza; youtube kanalımıza; kanalımıza abone; abone olun; abone olmak için
bize destek olun; bizi takip edin; bizi destekleyin; bizi twitter; bizi instagram
sosyal medyada bizi; gazeteciliği destekleyin; destek olmak için; bağış yapın; bağış yapmak için
okumaya devam etmek için; haberin devamını okumak için; yorum yapmak için; uygulamamızı indirin
bu site çerez; sitemizde çerez; web sitemizde çerez; çerez kullanıyoruz
订阅我们; 订阅本; 订阅电子报; 点击订阅; 欢迎订阅; 訂閱我們; 訂閱電子報; 歡迎訂閱; 立即订阅; 立即訂閱; 关注我们; 请关注; 欢迎关注; 關注我們; 歡迎關注; 追蹤我們
扫描二维码; 扫码关注; 掃描二維碼; 长按二维码; 支持我们; 支持独立; 支持獨立; 支持我們; 捐款支持; 赞助我们; 請贊助; 贊助我們; 成为会员; 成為會員; 加入我们的; 加入我們的
加入会员; 下载我们的; 下载客户端; 下载app; 下載app; 下載我們的; 登录后; 登入後; 登录以继续; 本网站使用; 本網站使用; 本站使用; 我们使用cookie
我们使用 cookie; 我們使用
suscríbete a; suscríbete al; suscríbete para; suscríbase a; suscríbase al; suscríbete; suscríbase
apúntate a; regístrate para; regístrate gratis; inicia sesión para; síguenos en; síganos en
síguenos; únete a nuestro; únete a nuestra; únase a nuestro; únete al canal; recibe en tu
recibe nuestras; apoya nuestro; apoya el periodismo; apoye el periodismo; apoye nuestro; apóyanos
ayúdanos a; haz una donación; haga una donación; haz tu donación; dona ahora; done ahora
hazte socio; hazte socia; hágase socio; hazte miembro; descarga nuestra app; descarga la app
para seguir leyendo; para continuar leyendo; si te gustó; si te ha gustado; este sitio utiliza
este sitio web utiliza; este sitio usa; esta web utiliza; utilizamos cookies; usamos cookies
ကျွန်ုပ်တို့ကို ထောက်ပံ့; ကျွန်တော်တို့ကို ထောက်ပံ့; ကျွန်ုပ်တို့၏ သတင်းလွှာ
ကျွန်တော်တို့၏ သတင်းလွှာ; သတင်းလွှာကို; ကျွန်ုပ်တို့ကို လိုက်; ကျွန်တော်တို့ကို လိုက်; စာရင်းသွင်း
ကျွန်ုပ်တို့၏ တယ်လီဂရမ်; ဤဝက်ဘ်ဆိုက်သည် ကွတ်ကီး
abonnez-vous à; inscrivez-vous à; suivez-nous; faites un don; nous utilisons des cookies
ce site utilise; abonnieren sie; melden sie sich für; folgen sie uns; unterstützen sie uns
unterstützen sie unseren; jetzt spenden; wir verwenden cookies; diese website verwendet
inscreva-se; assine nossa; assine a nossa; siga-nos; apoie o jornalismo; faça uma doação
este site usa; the post … appeared first on; follow … on facebook; follow … on instagram
follow … on telegram; follow … on twitter; follow … on youtube; join … on telegram
join … on whatsapp; support our … journalism; support our … newsroom; support our … reporting
support our work; support us by; support us with; sign up for the … newsletter
sign up for the … briefing; sign up to get … newsletter; get … newsletter; get … in your inbox
get … to your inbox; please support our; please support independent; please support us
donate to support; donate to keep; help us keep … free; help us keep … independent
to continue reading … subscri; to continue reading … sign; to read the full … subscri
to read the full … sign
мы используем … cookie; ми використовуємо … cookie; поддержите независим*; підтримайте незалежн*
помогите нам … донат; помогите нам … пожертв; помогите нам … подпи; помогите нам продолжать
допоможіть нам … донат; допоможіть нам працювати; хотите получать … рассыл
получайте наши … на почту; скачайте приложение … читать; станьте нашим … подписчик
станьте нашим … патрон; станьте нашим … спонсор
ما را در … دنبال; ما را در … حمایت; عضو کانال … شوید; ثبت نام کنید … خبرنامه; اشترك في … نشرتنا
اشترك في … النشرة; اشترك في … قناتنا; اشترك في خدمة; انضم إلى … قناتنا; انضم إلى … تلغرام
انضم إلى … واتساب; انضموا إلى … قناتنا; تابعنا عبر; ادعموا … الصحافة; ادعموا … المستقلة
ادعموا … موقعنا; ادعمنا … تبرع; ساهم في دعم … الصحافة; ساهموا في دعم … الصحافة; تبرعوا … الصحافة
ساعدنا … تبرع; نستخدم … ارتباط; نحن نستخدم … ارتباط; نحن نستخدم … كوكيز
يستخدم هذا الموقع … ارتباط; يستخدم هذا الموقع … كوكيز
bu web sitesi … çerez; bağımsız gazeteciliğ* … destek
扫码订阅; 请支持我们; 请支持独立; 請支持我們; 請支持獨立; 关注本报 … 公众号
sigue a … en twitter; sigue a … en instagram; sigue a … en facebook
လွတ်လပ်သော … ထောက်ပံ့; လွတ်လပ်သော … လှူဒါန်း; သတင်းလွှာ … စာရင်းသွင်း; တယ်လီဂရမ် … ချန်နယ်
soutenez notre; soutenez-nous; soutenez le journalisme
)";

const char* const notices = R"(
all rights reserved; cookie policy; delivered to your inbox; may not be published, broadcast
may not be reproduced without; our newsletter; our privacy policy; our telegram channel
our terms of service; straight to your inbox; terms of use and privacy; to our newsletter
this site is protected by recaptcha; all fields are required
your email address will not be published
наш телеграм-канал; наш telegram-канал; нашем телеграм-канале; нашем telegram-канале
нашу рассылку; нашей рассылк; все права защищены; перепечатка материалов
при использовании материалов; использование материалов разрешено; наш телеграм; нашому телеграм
наш telegram; нашому telegram; нашу розсилку; усі права захищені; всі права захищені
використання матеріалів; передрук матеріалів
کانال تلگرام ما; خبرنامه ما; کلیه حقوق; تمامی حقوق; تمام حقوق; استفاده از مطالب این سایت
جميع الحقوق محفوظة; كل الحقوق محفوظة; نشرتنا البريدية; نشرتنا الإخبارية; قناتنا على تلغرام
tüm hakları saklıdır; her hakkı saklıdır; çerez politika; çerezleri kullan; izinsiz kopyalanamaz
bültenimize kayıt; bültenimize abone
版权所有; 版權所有; 不得转载; 不得轉載; 转载请注明; 轉載請註明; 责任编辑; 責任編輯; 我们的公众号; 微信公众号; 微信公眾號; 我们的频道
todos los derechos reservados; política de cookies; nuestro boletín; nuestra newsletter
nuestro canal de; prohibida la reproducción
ကွတ်ကီး အသုံးပြု; ကျွန်ုပ်တို့၏ တယ်လီဂရမ်
tous droits réservés; notre newsletter; alle rechte vorbehalten; unseren newsletter
todos os direitos reservados; nossa newsletter; agree … use of cookies; consent … use of cookies
cookie … соглас; cookie … погодж
согла … cookie; погодж … cookie; ошиб … ctrl; помилк … ctrl
کوکی … موافق; کوکی‌ها … سایت; ملفات تعريف الارتباط … توافق; ملفات تعريف الارتباط … الموقع
استمرارك … ملفات تعريف الارتباط
未经授权不得; 未经授权，不得; 未經授權不得; 未经许可，不得
cookie … 同意; acepta … uso de cookies; kaynak gösterilmeden … kopyalan
kaynak gösterilmeden … alıntı
حق نشر … محفوظ
)";

}  // namespace colport::plea_words
